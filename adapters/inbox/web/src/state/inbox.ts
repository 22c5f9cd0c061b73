// The rows that this person may see, kept true by the event stream. Screens read `rows`; order and sections are words/order.ts.
import { signal } from '@preact/signals';
import { call, Failure } from '../api/client';
import type { InboxList, Row, Section } from '../api/types';
import { onDrop } from './drop';
import { heard } from './hub';
import { atLock } from './session';

export const rows = signal<ReadonlyMap<string, Row>>(new Map());
export const counts = signal<Record<Section, number>>({ overdue: 0, decide: 0, handoff: 0, active: 0, done: 0 });
export const loaded = signal(false);
export const failed = signal<Failure | null>(null);
const none = { overdue: 0, decide: 0, handoff: 0, active: 0, done: 0 };
onDrop(() => { rows.value = new Map(); counts.value = none; loaded.value = false; failed.value = null; asked.clear(); generation++; });

// What has a screen of its own and no person in it.
const elsewhere = ['CapacityUpdate', 'CapacityInquiry', 'CapacityReply', 'LoopFacts'];
export const ofPerson = (row: Row): boolean => !elsewhere.includes(row.kind);
let generation = 0; // an answer that comes after a lock is for nobody
function keep(list: InboxList, into: Map<string, Row>): void {
  for (const row of list.threads.filter(ofPerson)) {
    const had = into.get(row.thread);
    if (!had || had.order <= row.order) into.set(row.thread, row);
  }
  counts.value = list.counts;
  const c = list.counts;
  atLock.value = { waiting: c.overdue + c.decide + c.handoff, overdue: c.overdue };
}
export async function load(): Promise<void> {
  const mine = generation;
  try {
    const all = new Map<string, Row>();
    let after: number | null | undefined;
    do {
      const page: InboxList = await call('inbox.list', after == null ? { limit: 200 } : { limit: 200, after });
      if (mine !== generation) return;
      keep(page, all);
      after = page.next;
    } while (after !== null && after !== undefined);
    rows.value = all;
    loaded.value = true;
    failed.value = null;
    heard();
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    if (mine === generation) failed.value = e;
  }
}

// Threads that changed; asked for together, once: the first at once, what follows close behind it together.
const asked = new Set<string>();
let soon: ReturnType<typeof setTimeout> | undefined, last = 0;
export function changed(thread: string): void {
  asked.add(thread);
  clearTimeout(soon);
  soon = setTimeout(() => void refresh(), Date.now() - last > 500 ? 0 : 120);
}
async function refresh(): Promise<void> {
  const threads = [...asked], mine = generation;
  last = Date.now();
  asked.clear();
  if (threads.length === 0) return;
  try {
    const list = await call('inbox.list', { threads });
    if (mine !== generation) return;
    const next = new Map(rows.value), there = new Set(list.threads.map((r) => r.thread));
    for (const thread of threads) if (!there.has(thread)) next.delete(thread); // not theirs to see any more
    keep(list, next);
    rows.value = next;
    heard();
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    if (mine === generation) threads.forEach((thread) => asked.add(thread)); // asked for again with the next event or a new beginning
  }
}
