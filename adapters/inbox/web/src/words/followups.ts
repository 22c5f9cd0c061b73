// Follow-up marks of all rows, in the order in which they are due. Pure.
import type { Row } from '../api/types';
import { sameDay } from './time';

export interface Due { row: Row; mark: string; due: string; result: string }
export type Group = 'overdue' | 'today' | 'later' | 'done';
export function groups(rows: Iterable<Row>, now: number, tz: string): Record<Group, Due[]> {
  const out: Record<Group, Due[]> = { overdue: [], today: [], later: [], done: [] };
  for (const row of rows) for (const { mark, due, result } of row.follow_ups) {
    const at = Date.parse(due), group = result ? 'done' : at < now ? 'overdue' : sameDay(at, now, tz) ? 'today' : 'later';
    out[group].push({ row, mark, due, result });
  }
  for (const group of ['overdue', 'today', 'later'] as const) out[group].sort((a, b) => Date.parse(a.due) - Date.parse(b.due));
  out.done.sort((a, b) => Date.parse(b.due) - Date.parse(a.due));
  return out;
}
