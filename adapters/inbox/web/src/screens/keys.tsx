// Keys of a desk. Single keys never fire in a field, and can be turned off in the settings.
import { useEffect } from 'preact/hooks';
import { t, type PlainKey } from '../i18n';
import { Sheet } from '../parts/Sheet';
import { back, go, place, threadPath } from '../router';
import { cursor, step } from '../state/order';
import { outgoing, undo } from '../state/outgoing';
import { lock } from '../state/session';
import { settings } from '../state/settings';
import { closeSheet, sheet } from '../state/sheet';
import { open } from '../state/thread';
import { openSections, searching } from './InboxList';
import { screens } from './index';

const list: [keys: string[], words: PlainKey][] = [
  [['J', 'K'], 'key.move'], [['Enter'], 'key.open'], [['Esc'], 'key.close'], [['A'], 'key.accept'], [['D'], 'key.decline'], [['C'], 'key.call'], [['T'], 'key.timeline'], [['H'], 'key.handoff'],
  [['Ctrl', 'Enter'], 'key.send'], [['Z'], 'key.undo'], [['/'], 'key.search'], [['G', 'I / H / F / C / O'], 'key.go'], [['L'], 'key.lock'], [['?'], 'key.all'],
];
export function KeysSheet() {
  return <Sheet title={t('key.title')} sub={t('key.off')} onClose={closeSheet}><dl class="facts keys">{list.map(([keys, words]) => [<dt key={words + 't'}>{keys.map((k) => <kbd key={k}>{k}</kbd>)}</dt>, <dd key={words + 'd'}>{t(words)}</dd>])}</dl></Sheet>;
}

let afterG = 0;
const can = (move: string) => open.value?.shown?.moves.includes(move) ?? false;
const inList = () => ['', 't'].includes(place.value.screen);
const does: Record<string, () => boolean | void> = {
  j: () => inList() && step(1, openSections()),
  k: () => inList() && step(-1, openSections()),
  a: () => can('accept') && void (sheet.value = 'accept'),
  d: () => can('decline') && void (sheet.value = 'decline'),
  c: () => document.querySelector<HTMLElement>('main [data-call]')?.click(),
  t: () => { if (open.value) go(threadPath(open.value.thread, place.value.tab === 'timeline' ? '' : 'timeline')); },
  h: () => { if (open.value) go(threadPath(open.value.thread, 'handoff')); },
  z: () => { const last = outgoing.value.filter((o) => o.stage === 'undo').pop(); if (last) undo(last.id); },
  l: () => lock('left'),
  '/': () => { if (!inList()) go(''); searching.value = true; },
  '?': () => { sheet.value = 'keys'; },
};
function press(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector('dialog[open]')) return; // a sheet has keys of its own
  if (event.key === 'Escape') { if (place.value.screen === 't') { cursor.value = place.value.thread; back(''); } return; }
  if (!settings.value.keys || target.closest('input, textarea, select, [contenteditable]')) return;
  const key = event.key.toLowerCase();
  if (Date.now() - afterG < 1500) {
    afterG = 0;
    const found = screens.find((s) => s.key === key);
    if (found) { event.preventDefault(); go(found.path); }
    return;
  }
  if (key === 'g') { afterG = Date.now(); return; }
  const what = does[key];
  if (what) { event.preventDefault(); what(); }
}
export function useKeys(): void {
  useEffect(() => {
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
