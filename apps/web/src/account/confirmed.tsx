import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Form } from '../components/form.js';
import { PasswordField } from '../components/password-field.js';
import { Refused } from '../session.js';
import { useTexts } from '../texts.js';

interface ConfirmedFormProps {
  readonly action: string;
  readonly submit: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** The field of the current password. */
  readonly name?: string;
  readonly label: string;
  readonly children?: (error: (name: string) => string | undefined) => ComponentChildren;
  readonly isDangerous?: boolean;
  readonly onCancel?: () => void;
}

/** A change of the account that needs the password once more, and is empty again afterwards. */
export function ConfirmedForm({ name = 'password', label, submit, children, ...form }: ConfirmedFormProps) {
  const t = useTexts();
  const [turn, setTurn] = useState(0);
  const wrongPassword = (error: unknown) =>
    error instanceof Refused && error.code === 'INVALID_CREDENTIALS'
      ? { message: '', fields: { [name]: t('error.wrongPassword') } }
      : undefined;
  return (
    <Form
      {...form}
      key={turn}
      explainOtherwise={wrongPassword}
      submit={async (values) => {
        await submit(values);
        setTurn(turn + 1);
      }}
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
