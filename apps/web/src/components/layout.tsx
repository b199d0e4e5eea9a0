import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { linkTo, settings } from '../settings.js';
import { useTexts } from '../texts.js';

interface CardProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Whether it has taken the place of another: the focus goes to its title, so that it is read out. */
  readonly isNext?: boolean;
}

/** One thing to do, in the middle of the page. */
export function Card({ title, children, isNext }: CardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${settings.service}`;
    if (isNext) heading.current?.focus();
  }, [title, isNext]);
  return (
    <section class="card">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </section>
  );
}

/** A line below a card, with a link to another page. */
export function Below({ children }: { readonly children: ComponentChildren }) {
  return <p class="below">{children}</p>;
}

/** What to do next, once there is an account to log in to. */
export function ToLogin() {
  const t = useTexts();
  return (
    <p class="actions">
      <a class="button primary" href={linkTo('login')}>
        {t('login.submit')}
      </a>
    </p>
  );
}
