// What stands where in the inbox: sections by what cannot wait, nearest deadline first. Pure.
import type { Row, Section } from '../api/types';

export const sections: readonly Section[] = ['overdue', 'decide', 'handoff', 'active', 'done'];
export interface Group { section: Section; threads: string[] }

// The agent says the section; a deadline that passed since is overdue already.
export function sectionOf(row: Row, now: number): Section {
  if (row.section !== 'done' && row.clock && Date.parse(row.clock.at) <= now && row.clock.name !== 'hold:end') return 'overdue';
  return row.section;
}
const due = (row: Row) => (row.clock ? Date.parse(row.clock.at) : Infinity);
const by = (a: Row, b: Row) => due(a) - due(b) || Date.parse(a.received) - Date.parse(b.received) || (a.thread < b.thread ? -1 : 1);
const newest = (a: Row, b: Row) => Date.parse(b.updated) - Date.parse(a.updated) || (a.thread < b.thread ? -1 : 1);

export function arrange(rows: Iterable<Row>, now: number): Group[] {
  const groups = new Map<Section, Row[]>(sections.map((s) => [s, []]));
  for (const row of rows) groups.get(sectionOf(row, now))?.push(row);
  return sections.map((section) => ({ section, threads: (groups.get(section) ?? []).sort(section === 'done' ? newest : by).map((r) => r.thread) }));
}

// What a search finds: every word somewhere in what the row shows.
export function matches(text: string, query: string): boolean {
  const plain = (s: string) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const inside = plain(text);
  return plain(query).split(/\s+/).every((word) => inside.includes(word));
}
// Threads of `next` that `shown` does not have: what waits behind "1 new".
export function unseen(shown: readonly Group[], next: readonly Group[]): number {
  const had = new Set(shown.flatMap((g) => g.threads));
  return next.filter((g) => g.section !== 'done').reduce((n, g) => n + g.threads.filter((t) => !had.has(t)).length, 0);
}
