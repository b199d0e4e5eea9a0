import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { linkTo, settings, type Settings } from '../settings.js';

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

/** What did not work, read out as soon as it is there. */
export function Problem({ text }: { readonly text: string | undefined }) {
  return <div role="alert">{text && <p class="notice error">{text}</p>}</div>;
}

/** A line below a card, with a link to another page. */
export function Below({ children }: { readonly children: ComponentChildren }) {
  return <p class="below">{children}</p>;
}

interface ToPageProps {
  readonly page: Settings['page'];
  readonly label: string;
}

/** What to do next, on another page. */
export function ToPage({ page, label }: ToPageProps) {
  return (
    <p class="actions">
      <a class="button primary" href={linkTo(page)}>
        {label}
      </a>
    </p>
  );
}
