// The lines of a timeline: each event of the thread as a sentence, who was told, and what policy kept back, in the order in which it happened.
import type { Event, Shown } from '../api/types';
import { code, t } from '../i18n';
import { when } from '../i18n/time';
import type { IconName } from '../parts/icons';
import { phaseWord } from '../parts/rowWords';
import { fullName, part, type StatusUpdate } from '../words/body';
import { onceEach, tellWords } from './told';

// Names of fields are for the policy's authors: people read that something is cut, and whose copy it is. A label's name is a word.
export const withheldWords = (what: string[], theirs = false): string =>
  what.length && what.every((w) => !w.includes('.')) ? t('withheld', { what: what.join(', ') }) : t(theirs ? 'withheld.them' : 'withheld.some');

export interface Line { key: string; at: number; icon: IconName; tone: '' | 'over' | 'ok' | 'policy'; who: string; says: string; quote?: string; small: string[]; gone?: boolean }
type Said = Pick<Line, 'icon' | 'tone' | 'says'> & { quote?: string | undefined };

const lower = (s: string) => s.charAt(0).toLowerCase() + s.slice(1);
const dues = ['view', 'decide', 'contact', 'outcome', 'on_hold', 'handoff'] as const;
const dueWords = (name: string): string => { const known = dues.find((d) => d === name); return t(known ? `due.${known}` : 'due.other'); };
// Policy may leave only the class.
const classes = ['capacity', 'eligibility', 'clinical', 'client', 'contact', 'legal'] as const;
const classWords = (c: string) => { const known = classes.find((x) => x === c); return known ? t(`bd.class.${known}`) : c; };
const reasonOf = (u: StatusUpdate, set: 'decline_reason' | 'cancel_reason') => (u.reason === 'OTH' && u.text ? u.text : lower(code(set, u.reason ?? '') || classWords(u.reason_class ?? '') || t('said.nothing')));
const upper = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
const join = (...parts: (string | false | undefined)[]) => parts.filter(Boolean).join(' ');

function status(u: StatusUpdate, shown: Shown): Said {
  const name = (slug: string) => shown.next_agencies.find((a) => a.agency === slug)?.name ?? slug;
  switch (u.status) {
    case 'accepted': return { icon: 'check', tone: 'ok', quote: u.text, says: join(t('tl.accepted'), u.place && (u.hold_until ? t('tl.place_held', { place: u.place, time: when(u.hold_until) }) : t('tl.place', { place: u.place })), u.expected_at && t('tl.expected', { time: when(u.expected_at) }), u.callback && t('tl.callback', { phone: u.callback })) };
    case 'rejected': return { icon: 'x', tone: '', quote: u.reason === 'OTH' ? undefined : u.text, says: join(t('tl.declined', { reason: reasonOf(u, 'decline_reason') }), u.est_days !== undefined && u.est_days >= 0 && t('tl.days', { n: u.est_days }), u.alternatives?.length ? t('tl.suggested', { who: u.alternatives.map(name).join(', ') }) : '') };
    case 'received': return { icon: 'eye', tone: '', says: t('tl.received') };
    case 'info_requested': return { icon: 'speak', tone: '', says: t('tl.question'), quote: u.text };
    case 'scheduled': return { icon: 'cal', tone: 'ok', says: join(t('tl.scheduled', { time: u.appointment_at ? when(u.appointment_at) : '' }), u.place && t('tl.place', { place: u.place })), quote: u.text };
    case 'in-progress': return { icon: 'user', tone: 'ok', says: t('tl.in_progress'), quote: u.text };
    case 'on-hold': return { icon: 'clock', tone: '', says: join(t('tl.on_hold'), u.hold_until && t('tl.until', { time: when(u.hold_until) })), quote: u.text };
    case 'no-show': return { icon: 'x', tone: '', says: join(t('tl.no_show'), u.attempts !== undefined && u.attempts >= 0 && t('tl.attempts', { n: u.attempts })), quote: u.text };
    case 'completed': return { icon: 'check', tone: 'ok', says: t('tl.completed', { outcome: lower(code('outcome', u.outcome ?? '')) }), quote: u.text };
    case 'cancelled': return { icon: 'x', tone: '', says: t('tl.cancel', { reason: reasonOf(u, 'cancel_reason') }) };
    case 'cancel_requested': return { icon: 'x', tone: '', says: t('tl.cancel_asked', { reason: reasonOf(u, 'cancel_reason') }) };
    case 'expired': return { icon: 'clock', tone: '', says: t('tl.expired') };
    default: return { icon: 'note', tone: '', says: t('tl.status', { status: u.status ? phaseWord(u.status) : u.text ?? '' }) };
  }
}
function said(e: Event, shown: Shown): Said {
  const b = e.body, r = part(b, 'referral'), u = part(b, 'status_update'), m = part(b, 'secure_message'), h = part(b, 'handoff_report'), f = part(b, 'follow_up'), c = part(b, 'correction'), g = part(b, 'break_glass'), v = part(b, 'encounter');
  if (r || e.kind === 'Referral') return { icon: 'send', tone: '', says: t('tl.asked', { to: shown.row.to_name, service: lower(code('service', r?.service?.code ?? shown.row.service)) }) };
  if (u) return status(u, shown);
  if (m) return { icon: 'speak', tone: '', says: t('tl.wrote'), quote: m.text };
  if (h) return { icon: 'swap', tone: h.phase === 'take' ? 'ok' : '', says: t(h.phase === 'take' ? 'tl.took' : h.phase === 'refuse' ? 'tl.refused' : 'tl.offered'), quote: h.reason || h.disagreements };
  if (f) return { icon: 'cal', tone: '', says: t('tl.follow_up', { mark: lower(code('follow_up_mark', f.mark ?? '')), result: lower(code('follow_up_result', f.result ?? '')) }), quote: f.text };
  if (c) return { icon: 'undo', tone: '', says: t(c.action === 'retract' ? 'tl.retracted' : 'tl.corrected'), quote: c.text || c.reason };
  if (g) return { icon: 'key', tone: 'policy', says: t('tl.glass', { reason: lower(code('break_glass_reason', g.reason ?? '')) }), quote: g.text };
  if (v) return { icon: 'heart', tone: '', says: t('tl.encounter', { what: lower(code('encounter_event', v.event ?? '')) }) };
  return { icon: 'note', tone: '', says: t('tl.other', { kind: e.kind }) };
}
function receipts(e: Event): string {
  const m = e.marks;
  if (m.state === 'failed') return t('tl.failed') + (e.why ? ': ' + e.why : '');
  if (m.delivered) return t('tl.delivered', { time: when(m.delivered) }) + (m.seen ? ', ' + t('tl.seen', { time: when(m.seen) }) : '');
  return m.sent ? t('tl.sent_not', { time: when(m.sent) }) : e.outgoing ? t('tl.not_sent') : '';
}
function eventLines(e: Event, shown: Shown, told: Map<number, Shown['told'][number]>): Line[] {
  const at = Date.parse(e.at), u = part(e.body, 'status_update'), small: string[] = [];
  const person = e.person || u?.actor_name || fullName(part(e.body, 'handoff_report')?.person?.name) || part(e.body, 'secure_message')?.author_name;
  if (e.entered_at) small.push(t('tl.paper', { time: when(e.entered_at) }));
  if (e.retracted) small.push(t('tl.taken_back'));
  if (e.conflict) small.push(join(t('tl.late'), e.why));
  if (e.expired) small.push(t('tl.gone'));
  if (e.opened) small.push(e.opened.closed ? t('tl.opened_shut') : t('tl.opened', { time: when(e.opened.until) }));
  if (u && !u.status && u.esc_level) {
    const who = told.get(u.esc_level);
    told.delete(u.esc_level);
    return [{ key: e.message, at, icon: 'alert', tone: 'over', who: t('tl.ran_out', { what: dueWords(u.deadline ?? '') }), says: who ? upper(t('tl.told', { who: tellWords(who.tell) })) : '', small: [join(t('tl.level', { n: u.esc_level }) + '.', receipts(e)), ...small] }];
  }
  const s = said(e, shown), stopped = e.refused || e.decision?.refused;
  small.unshift(join(person && person + '.', receipts(e)));
  const lines: Line[] = [{
    key: e.message, at, who: e.from_name, ...s, quote: e.retracted || e.expired ? undefined : s.quote, small: stopped ? [join(t('tl.stopped'), e.refused)] : small.filter(Boolean), gone: !!(e.retracted || e.conflict),
    ...(stopped ? { icon: 'lock' as const, tone: 'policy' as const } : {}),
  } as Line];
  const kept = e.decision?.withheld ?? [];
  if (kept.length && !stopped) {
    const note = shown.withheld.find((w) => w.outgoing === e.outgoing && e.decision?.rules.includes(w.rule));
    lines.push({ key: e.message + 'w', at, icon: 'lock', tone: 'policy', who: '', says: withheldWords(note?.what ?? kept, e.outgoing) + '.', small: [join(t('withheld.rule', { rule: e.decision?.rules.join(', ') ?? '' }), note?.words)] });
  }
  return lines;
}
export function timelineLines(shown: Shown): Line[] {
  const told = new Map(shown.told.filter((x) => x.level > 0 && x.tell).map((x) => [x.level, x]));
  const lines = shown.events.flatMap((e) => eventLines(e, shown, told));
  const rest = onceEach(shown.told.filter((x) => x.level === 0 || told.has(x.level)));
  for (const x of rest) lines.push({ key: 'told' + x.at + x.tell, at: Date.parse(x.at), icon: 'bell', tone: '', who: '', says: upper(t('tl.told', { who: tellWords(x.tell) })), small: x.level ? [t('tl.level', { n: x.level })] : [] });
  for (const a of shown.asked_before) lines.push({ key: a.thread, at: Date.parse(a.at), icon: a.phase === 'rejected' ? 'x' : 'send', tone: '', who: a.name, says: a.phase === 'rejected' ? t('tl.declined', { reason: lower(code('decline_reason', a.reason) || classWords(a.reason_class)) }) : t('tl.status', { status: lower(phaseWord(a.phase)) }), small: [] });
  return lines.map((l, i) => [l, i] as const).sort(([a, i], [b, j]) => a.at - b.at || i - j).map(([l]) => l);
}
