// The state of a warm handoff from a thread's events: the newest offer, and what the other side answered to it. Pure.
import type { Event } from '../api/types';
import { content, said, type Fields } from './body';

export interface Handover { phase: '' | 'offered' | 'taken' | 'refused'; offer: Event | null; answer: Event | null }
export function handover(events: readonly Event[]): Handover {
  let offer: Event | null = null, answer: Event | null = null;
  for (const event of events) {
    if (event.kind !== 'HandoffReport' || event.retracted || event.conflict || event.refused) continue;
    const phase = content(event.body)['phase'];
    if (phase === 'offer') { offer = event; answer = null; }
    // A take alone is a copy: somebody else handed the person over, and this agency is told.
    else if ((phase === 'take' || phase === 'refuse') && (!offer || offer.outgoing !== event.outgoing)) answer = event;
  }
  const answered = answer ? (content(answer.body)['phase'] === 'take' ? 'taken' : 'refused') : '';
  return { phase: answered || (offer ? 'offered' : ''), offer, answer };
}
export const reportOf = (event: Event | null): Fields => content(event?.body);
export const momentOf = (event: Event | null): string => (event ? said(reportOf(event)['at']) || event.at : '');

// Minutes from offer to take; null while it is open.
export function minutes(h: Handover): number | null {
  if (h.phase !== 'taken' || !h.offer) return null;
  return Math.max(0, Math.round((Date.parse(momentOf(h.answer)) - Date.parse(momentOf(h.offer))) / 60_000));
}
// What must be ticked before responsibility can pass. Somebody who wrote down what differs need not say that nothing does.
export type Check = 'with' | 'as_offered' | 'things';
export function checks(offer: Fields, differs: string): Check[] {
  const things = said(offer['belongings']) !== '' || (offer['hold'] as Fields | undefined)?.['form_attached'] === 'yes';
  return ['with', ...(differs.trim() ? [] : ['as_offered' as const]), ...(things ? ['things' as const] : [])];
}
// Who holds something after this report: it passes, stays, or there is none to pass.
export type Passing = 'passes' | 'stays' | 'none';
export const passing = (holder: unknown): Passing => (holder === 'none' ? 'none' : holder === 'offerer' ? 'stays' : 'passes');
