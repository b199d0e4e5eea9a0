import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface PanelProps {
  readonly title: string;
  readonly intro?: string;
  /** What has been done, read out. */
  readonly done?: string | undefined;
  readonly children: ComponentChildren;
}

/** One matter of the account page. */
export function Panel({ title, intro, done, children }: PanelProps) {
  const id = useId();
  return (
    <section class="card panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {intro && <p class="lead">{intro}</p>}
      <div role="status">{done && <p class="notice success">{done}</p>}</div>
      {children}
    </section>
  );
}
