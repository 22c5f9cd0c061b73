// What the list shows. Rows change in place at once; a change of order waits until nobody touched the list for two seconds ("1 new").
import { computed, effect, signal, untracked } from '@preact/signals';
import type { Row } from '../api/types';
import { rowText } from '../parts/rowWords';
import { arrange, matches, unseen, type Group } from '../words/order';
import { now } from './clock';
import { onDrop } from './drop';
import { rows } from './inbox';

export type Side = Row['side'];
export const side = signal<Side>('to_us');
export const query = signal('');
export const list = signal<readonly Group[]>([]);
export const fresh = signal(0); // how many new ones wait
export const cursor = signal(''); // the row under the keyboard

const quarter = computed(() => Math.floor(now.value / 15_000) * 15_000);
const wanted = computed(() => {
  const q = query.value.trim(), all = [...rows.value.values()].filter((r) => (q ? matches(rowText(r), q) : r.side === side.value));
  return arrange(all, quarter.value);
});
export const total = (of: Side): number => [...rows.value.values()].filter((r) => r.side === of && r.section !== 'done').length;

let touched = 0, key = '', look: ReturnType<typeof setTimeout> | undefined;
export const touchList = (): void => { touched = Date.now(); };
export function settle(): void {
  clearTimeout(look);
  list.value = wanted.value;
  fresh.value = 0;
}
effect(() => {
  const next = wanted.value, view = side.value + query.value;
  untracked(() => {
    const other = view !== key || list.value.every((g) => g.threads.length === 0);
    key = view;
    if (other || Date.now() - touched >= 2000) { settle(); return; }
    fresh.value = unseen(list.value, next);
    clearTimeout(look);
    const wait = () => { const left = touched + 2000 - Date.now(); if (left <= 0) settle(); else look = setTimeout(wait, left); };
    wait();
  });
});
onDrop(() => { query.value = ''; side.value = 'to_us'; cursor.value = ''; list.value = []; fresh.value = 0; });

// One step through the rows as shown.
export function step(by: 1 | -1, open: ReadonlySet<string>): void {
  const threads = list.value.filter((g) => open.has(g.section)).flatMap((g) => g.threads);
  const at = threads.indexOf(cursor.value), next = threads[at < 0 ? (by > 0 ? 0 : threads.length - 1) : Math.min(Math.max(at + by, 0), threads.length - 1)];
  if (next) cursor.value = next;
}
