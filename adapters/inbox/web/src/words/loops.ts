// What a coordinator's list says of a loop: its state in words, its most pressing clock, and what to do next. Pure.
import type { LoopRow } from '../api/types';

export const phases = ['requested', 'received', 'info_requested', 'accepted', 'rejected', 'scheduled', 'in-progress', 'on-hold', 'no-show', 'completed', 'cancel_requested', 'cancelled', 'expired', 'entered-in-error'] as const;
export type State = (typeof phases)[number] | 'missing' | 'handoff' | 'follow_up' | 'hold_end';
export const short = (thread: string): string => 'T-' + thread.replace(/-/g, '').slice(-4).toUpperCase();
// What is late says more than the phase.
export function stateOf(loop: LoopRow): State {
  const late = loop.overdue.map((o) => o.name);
  if (late.includes('hold:end')) return 'hold_end';
  if (late.includes('handoff')) return 'handoff';
  if (late.includes('outcome')) return 'missing';
  if (late.some((n) => n.startsWith('follow_up'))) return 'follow_up';
  return phases.find((p) => p === loop.phase) ?? 'received';
}
// The latest of what is overdue, else what comes next.
export function pressing(loop: LoopRow): { name: string; at: string } | null {
  const [late] = [...loop.overdue].sort((a, b) => b.late_s - a.late_s);
  return late ? { name: late.name, at: late.at } : loop.next;
}
export type Next = 'suggest' | 'call' | 'none';
// Declined, or nobody decided and the supervisor was told already: another agency. Whatever else is late: a call to who is responsible for it.
export function next(loop: LoopRow): Next {
  if (loop.phase === 'rejected') return 'suggest';
  if (loop.overdue.length === 0) return 'none';
  const undecided = loop.overdue.some((o) => o.name === 'decide') && ['requested', 'received', 'info_requested'].includes(loop.phase);
  if (undecided && loop.esc_level >= 2) return 'suggest';
  return loop.phone ? 'call' : 'none';
}
// Highest level first, then late before not late, then the longest late, then the nearest clock.
export function byNeed(a: LoopRow, b: LoopRow): number {
  const late = (l: LoopRow) => Math.max(0, ...l.overdue.map((o) => o.late_s)), near = (l: LoopRow) => Date.parse(l.next?.at ?? '') || Infinity;
  const nearer = near(a) - near(b);
  return b.esc_level - a.esc_level || late(b) - late(a) || (Number.isNaN(nearer) ? 0 : nearer);
}
