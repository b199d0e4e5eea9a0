import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { explain, type Explanation } from '../explain.js';
import { useTexts } from '../texts.js';
import { Problem } from './layout.js';

type Values = Readonly<Record<string, string>>;

interface FormProps {
  /** What the button says. */
  readonly action: string;
  /** Throws what `explain` knows. */
  readonly submit: (values: Values) => Promise<void>;
  /** Told of a refusal before it is shown; another explanation takes its place. */
  readonly explainOtherwise?: (error: unknown) => Partial<Explanation> | undefined;
  readonly children: (fieldError: (name: string) => string | undefined) => ComponentChildren;
  readonly isDangerous?: boolean;
  readonly onCancel?: (() => void) | undefined;
}

const NOTHING: Explanation = { message: '', fields: {} };

/** A form that is sent by script. What is wrong stands beside the fields, and the first of them gets the focus. */
export function Form({ action, submit, explainOtherwise, children, isDangerous, onCancel }: FormProps) {
  const t = useTexts();
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(NOTHING);

  useEffect(() => {
    if (wrong !== NOTHING) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [wrong]);

  async function send(event: SubmitEvent) {
    event.preventDefault();
    if (isBusy) return;
    const missing = form.current && incomplete(form.current);
    if (missing && Object.keys(missing).length > 0) return setWrong({ message: '', fields: missing });
    setBusy(true);
    try {
      await submit(valuesOf(form.current!));
      setWrong(NOTHING);
    } catch (error) {
      const { message, fields } = { ...explain(error, t), ...explainOtherwise?.(error) };
      setWrong({ message: areShown(fields) ? '' : message, fields });
    } finally {
      setBusy(false);
    }
  }

  /** What stands beside its field need not be said above them as well. */
  function areShown(fields: Explanation['fields']): boolean {
    const names = Object.keys(fields);
    return names.length > 0 && names.every((name) => form.current?.elements.namedItem(name));
  }

  function incomplete(element: HTMLFormElement): Record<string, string> {
    const inputs = [...element.elements].filter((each) => each instanceof HTMLInputElement);
    return Object.fromEntries(
      inputs
        .filter(({ validity }) => !validity.valid)
        .map(({ name, validity }) => [name, t(validity.valueMissing ? 'required' : 'emailInvalid')]),
    );
  }

  return (
    <form ref={form} noValidate onSubmit={(event) => void send(event)} aria-busy={isBusy}>
      <Problem text={wrong.message} />
      {children((name) => wrong.fields[name])}
      <div class="actions">
        <button type="submit" class={isDangerous ? 'danger' : 'primary'} aria-disabled={isBusy}>
          {action}
        </button>
        {onCancel && (
          <button type="button" class="secondary" onClick={onCancel}>
            {t('cancel')}
          </button>
        )}
      </div>
    </form>
  );
}

function valuesOf(form: HTMLFormElement): Values {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value as string]));
}
