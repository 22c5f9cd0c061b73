// The last time without contact that is over: from when, for the list of what came meanwhile. Until somebody has looked at it or locks.
import { effect, signal } from '@preact/signals';
import { now } from './clock';
import { onDrop } from './drop';
import { live, synced } from './hub';
import { loaded } from './inbox';

export interface Outage { since: number; until: number }
export const outage = signal<Outage | null>(null);
export const noticed = signal(true); // the banner has been read
let from = 0;
onDrop(() => { outage.value = null; noticed.value = true; from = 0; });
effect(() => {
  const there = live.value, known = loaded.value;
  if (!known) return;
  if (!there && !from) from = synced.peek() || now.peek();
  if (there && from) { outage.value = { since: from, until: now.peek() }; noticed.value = false; from = 0; }
});
