import { useId, useState } from 'preact/hooks';
import { checkPassword } from '../password-rules.js';
import { settings } from '../settings.js';
import { useTexts } from '../texts.js';
import { Field, type FieldProps } from './field.js';

type PasswordFieldProps = Omit<FieldProps, 'type'>;

/** A password that can be looked at while it is typed (NIST SP 800-63B-4, section 3.1.1.2). */
export function PasswordField(props: PasswordFieldProps) {
  const t = useTexts();
  const [isShown, setShown] = useState(false);
  return (
    <Field autoComplete="current-password" required {...props} type={isShown ? 'text' : 'password'}>
      <button
        type="button"
        class="reveal"
        aria-label={t(isShown ? 'hidePassword' : 'showPassword')}
        onClick={() => setShown(!isShown)}
      >
        {t(isShown ? 'hide' : 'show')}
      </button>
    </Field>
  );
}

type NewPasswordFieldProps = PasswordFieldProps & { readonly email?: string };

/** A new password, with the rules that it has to keep. */
export function NewPasswordField({ email = '', ...props }: NewPasswordFieldProps) {
  const t = useTexts();
  const id = useId();
  const [password, setPassword] = useState('');
  const rules = checkPassword(password, email);
  const min = settings.passwordMinLength;
  return (
    <>
      <PasswordField
        autoComplete="new-password"
        aria-describedby={id}
        onInput={(event) => setPassword(event.currentTarget.value)}
        {...props}
      />
      <div class="rules" id={id}>
        <p>{t('rules')}</p>
        <ul>
          <Rule isMet={rules.isLongEnough}>
            {t('ruleLength', { min })}
            {!rules.isLongEnough && rules.length > 0 && (
              <span class="count"> ({t('ruleLengthCount', { count: rules.length, min })})</span>
            )}
          </Rule>
          <Rule isMet={rules.isNotEmail}>{t('ruleNotEmail')}</Rule>
          <Rule isMet={rules.isNotService}>{t('ruleNotService')}</Rule>
        </ul>
        <p class="hint">{t('ruleHint')}</p>
      </div>
    </>
  );
}

function Rule({ isMet, children }: { readonly isMet: boolean; readonly children: preact.ComponentChildren }) {
  const t = useTexts();
  return (
    <li class={isMet ? 'met' : 'open'}>
      {children}
      <span class="visually-hidden">: {t(isMet ? 'ruleMet' : 'ruleOpen')}</span>
    </li>
  );
}
