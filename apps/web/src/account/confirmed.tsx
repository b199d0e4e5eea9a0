import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Form } from '../components/form.js';
import { PasswordField } from '../components/password-field.js';
import { wrongPassword } from '../explain.js';
import { useTexts } from '../texts.js';

interface ConfirmedFormProps {
  readonly action: string;
  readonly submit: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** The field of the current password. */
  readonly name?: string;
  readonly label: string;
  readonly children?: (error: (name: string) => string | undefined) => ComponentChildren;
  readonly isDangerous?: boolean;
  /** What a button says that stands in the form's place until it is wanted. */
  readonly opener?: string;
}

/** A change of the account that needs the password once more, and is empty again afterwards. */
export function ConfirmedForm(props: ConfirmedFormProps) {
  const { name = 'password', label, submit, children, opener, ...form } = props;
  const t = useTexts();
  const [turn, setTurn] = useState(0);
  const [isOpen, setOpen] = useState(opener === undefined);
  if (!isOpen) {
    const classes = form.isDangerous ? 'secondary danger-text' : 'secondary';
    return (
      <button type="button" class={classes} onClick={() => setOpen(true)}>
        {opener}
      </button>
    );
  }
  return (
    <Form
      {...form}
      key={turn}
      explainOtherwise={(error) => wrongPassword(error, name, t)}
      submit={async (values) => {
        await submit(values);
        setTurn(turn + 1);
        setOpen(opener === undefined);
      }}
      onCancel={opener === undefined ? undefined : () => setOpen(false)}
    >
      {(error) => (
        <>
          {children?.(error)}
          <PasswordField name={name} label={label} error={error(name)} />
        </>
      )}
    </Form>
  );
}
