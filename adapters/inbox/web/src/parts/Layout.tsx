// How a screen sits in the frame. `Split`: a list and what is open of it; on a phone one of the two. `Wide`: one pane.
import type { ComponentChildren } from 'preact';
import { t } from '../i18n';
import { desk } from '../state/view';
import { IconButton } from './Button';

export function Split({ list, open, label, children }: { list: ComponentChildren; open: boolean; label: string; children: ComponentChildren }) {
  if (!desk.value) return <main class="col" id="main">{open ? children : list}</main>;
  return <><section class="list" aria-label={label}>{list}</section><main class="pane" id="main">{children}</main></>;
}
export function Wide({ children }: { children: ComponentChildren }) {
  return <main class={desk.value ? 'pane pane-wide' : 'col'} id="main">{children}</main>;
}
// The title of a pane or a phone's screen.
export function Head({ title, sub, onBack, children, level = 1 }: { title: ComponentChildren; sub?: ComponentChildren; onBack?: (() => void) | undefined; children?: ComponentChildren; level?: 1 | 2 }) {
  const H = level === 1 ? 'h1' : 'h2';
  if (desk.value) return <header class="pane-head"><div class="grow"><H tabIndex={-1} data-title>{title}</H>{sub && <p class="muted small">{sub}</p>}</div>{children}</header>;
  return (
    <header class={`bar${onBack ? ' bar-back' : ''}`}>
      {onBack && <IconButton icon="left" label={t('do.back')} onClick={onBack} />}
      <div class="grow"><H tabIndex={-1} data-title>{title}</H>{sub && <p class="sub">{sub}</p>}</div>{children}
    </header>
  );
}
// The actions of a screen, in reach of a thumb.
export function Actions({ one, children }: { one?: boolean; children: ComponentChildren }) {
  return <div class={`act${one ? ' act-one' : ''}`}>{children}</div>;
}
export function Card({ title, pad = true, children }: { title?: string; pad?: boolean; children: ComponentChildren }) {
  return <section class={`card${pad ? ' card-pad stack' : ''}`}>{title && <h3>{title}</h3>}{children}</section>;
}
export interface Fact { what: string; words: ComponentChildren; small?: ComponentChildren }
export function Facts({ facts }: { facts: Fact[] }) {
  return <dl class="facts">{facts.map((f) => [<dt key={f.what + 't'}>{f.what}</dt>, <dd key={f.what + 'd'}>{f.words}{f.small && <small>{f.small}</small>}</dd>])}</dl>;
}
