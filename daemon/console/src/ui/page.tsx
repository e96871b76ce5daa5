import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { path } from './router';

interface Props {
  title: string;
  heading?: ComponentChildren; // instead of the title
  above?: ComponentChildren; // a way back
  actions?: ComponentChildren;
  children: ComponentChildren;
}

let shownPath: string | null = null;

// A page with its heading. When the path changes the focus goes to the heading: whoever cannot see
// that the page is another one hears it.
export function PageFrame({ title, heading, above, actions, children }: Props) {
  const head = useRef<HTMLHeadingElement>(null);
  const at = path.value;
  useEffect(() => {
    if (shownPath !== null && shownPath !== at) {
      scrollTo(0, 0);
      head.current?.focus({ preventScroll: true });
    }
    shownPath = at;
  }, [at]);
  useEffect(() => {
    document.title = `${title} · muster`;
  }, [title]);
  return (
    <>
      {above ? <p class="above">{above}</p> : null}
      <div class="page-head">
        <h1 ref={head} tabIndex={-1}>
          {heading ?? title}
        </h1>
        {actions ? <div class="actions">{actions}</div> : null}
      </div>
      {children}
    </>
  );
}
