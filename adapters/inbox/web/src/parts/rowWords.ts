// What a row says, in the words of the value sets.
import type { Row } from '../api/types';
import { code, t } from '../i18n';
import { hm, when } from '../i18n/time';

// A thread that began with something else than a referral.
const kinds = ['SecureMessage', 'HandoffReport', 'EncounterNotification'] as const;
export function reasonWords(row: Row): string {
  const words = row.reason_codes.map((c, i) => { const w = code('reason', c); return i && !/^[A-Z]{2}/.test(w) ? w.charAt(0).toLowerCase() + w.slice(1) : w; });
  return words.join(', ') || row.reason_text || code('service', row.service) || t(`row.kind.${kinds.find((k) => k === row.kind) ?? 'other'}`);
}
export const otherName = (row: Row): string => (row.side === 'to_us' ? row.from_name : row.to_name);
// The second line: from whom, and where it stands.
export function fromWords(row: Row): string {
  const agency = otherName(row), first = row.side === 'to_us' ? t('from', { agency }) : t('to', { agency });
  if (row.section === 'handoff' && row.place) return t('row.at_place', { first, place: row.place });
  const place = row.place && row.section === 'active' ? t('row.place', { place: row.place }) : '';
  const expected = row.expected_at && row.section === 'active' ? t('row.expected', { time: when(row.expected_at) }) : '';
  const held = row.phase === 'on-hold' ? t('phase.on-hold') : row.phase === 'info_requested' ? t('phase.info_requested') : '';
  const more = [held, expected, place].filter(Boolean);
  return more.length ? first + '. ' + more.join(', ') : first;
}
const phases = ['requested', 'received', 'info_requested', 'accepted', 'rejected', 'scheduled', 'in-progress', 'on-hold', 'no-show', 'completed', 'cancel_requested', 'cancelled', 'expired', 'entered-in-error'] as const;
export function phaseWord(phase: string): string {
  const known = phases.find((p) => p === phase);
  return known ? t(`phase.${known}`) : phase;
}
// Beside the dots, where more is known than "seen".
export function stepWord(row: Row): string | undefined {
  if (row.handoff === 'offered' && row.section !== 'done') return t('row.offered', { time: hm(row.marks.sent ?? row.updated) });
  return row.marks.acted ? phaseWord(row.phase) + ' ' + when(row.marks.acted) : undefined;
}
export const rowText = (row: Row): string =>
  [row.who.words, row.who.initials, row.who.age, reasonWords(row), row.reason_text, row.from_name, row.to_name, code('service', row.service), row.place, row.thread].join(' ');
