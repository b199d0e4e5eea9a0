import type { ComponentChildren, InputEventHandler, InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly error?: string | undefined;
  readonly type?: 'email' | 'password' | 'text';
  readonly autoComplete?: string;
  readonly maxLength?: number;
  readonly required?: boolean;
  readonly 'aria-describedby'?: string;
  readonly onInput?: InputEventHandler<HTMLInputElement>;
  readonly children?: ComponentChildren;
}

/** A labelled input; what is wrong with it is read out with it. */
export function Field({ name, label, error, children, ...rest }: FieldProps) {
  // The types know each kind of input on its own, and no union of them.
  const input = rest as InputHTMLAttributes;
  const id = useId();
  const describedBy = [error ? `${id}-error` : '', rest['aria-describedby'] ?? ''].join(' ').trim();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="control">
        <input
          autoCapitalize="none"
          spellcheck={false}
          {...input}
          id={id}
          name={name}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={describedBy || undefined}
        />
        {children}
      </div>
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

type EmailFieldProps = Omit<FieldProps, 'type' | 'name'> & { readonly name?: string };

export function EmailField({ name = 'email', ...field }: EmailFieldProps) {
  return <Field name={name} type="email" autoComplete="username" maxLength={254} required {...field} />;
}
