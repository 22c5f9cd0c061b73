// The facts of a referral in the order in which somebody decides, and all the rest: nothing that was said is left out.
import type { Body } from '../api/types';
import { code, t, type PlainKey } from '../i18n';
import { facts as factWords } from '../i18n/words/facts';
import { when } from '../i18n/time';
import type { Fact } from '../parts/Layout';
import { fullName, part, type CodeText, type Contact, type Hold, type Observation, type Referral } from '../words/body';

const join = (parts: (string | undefined | false)[], by = ', ') => parts.filter(Boolean).join(by);
const yesNo = (v: string | undefined): string => (v === 'yes' ? t('yes') : v === 'no' ? t('no') : v === 'unknown' ? t('unknown') : v ?? '');
const time = (v: string): string => (/^\d{4}-\d\d-\d\dT/.test(v) ? when(v) : v);
const coded = (set: Parameters<typeof code>[0]) => (c: CodeText): string => c.text || (c.code ? code(set, c.code) : '');
const contact = (c: Contact | undefined): string => join([fullName(c?.name), c?.role && code('actor_role', c.role), c?.phone, c?.email]);
const language = (v: string): string => { try { return new Intl.DisplayNames([document.documentElement.lang], { type: 'language' }).of(v) ?? v; } catch { return v; } };

function hold(h: Hold | undefined): string {
  if (!h || Object.keys(h).length === 0) return '';
  return join([h.form && t('said.form', { form: h.form }), h.basis, h.initiator && t('said.hold_by', { who: h.initiator }), h.start && t('said.hold_from', { time: time(h.start) }), h.expires && t('said.hold_until', { time: time(h.expires) }), h.outcome && code('hold_outcome', h.outcome)]);
}
const measured = (o: Observation): string => join([join([o.code?.text ?? o.code?.code, [o.value, o.unit].filter(Boolean).join(' ')], ': '), o.abnormal, o.at && time(o.at)]);

// The six that decide.
export function mainFacts(body: Body | null): Fact[] {
  const r = part(body, 'referral');
  if (!r) return [];
  const said = r.reasons?.map((c) => c.text).filter(Boolean).join('. '), words = r.reasons?.map((c) => (c.code ? code('reason', c.code) : c.text ?? '')).filter(Boolean).join(', ');
  const h = r.hold ?? {}, basis = r.authority_basis || String(body?.['authority_basis'] ?? '');
  const rights = h.rights_advised === 'yes' ? t('said.rights') : h.rights_advised === 'no' ? t('said.rights_not') : '';
  const form = h.form_attached === 'yes' ? t('said.form_attached') : h.form_attached === 'no' ? t('said.form_not_attached') : '';
  const clearance = r.clearance?.status || r.med_clearance;
  return [
    { what: t('fact.why'), words: said || words || t('said.nothing'), small: said ? words : undefined },
    { what: t('fact.asked'), words: r.service ? coded('service')(r.service) : t('said.nothing'), small: r.notes?.[0] },
    { what: t('fact.where'), words: r.location_now || t('said.nothing'), small: r.transport_needed ? t('said.transport') : undefined },
    { what: t('fact.medical'), words: r.injury || (clearance ? t('said.clearance', { words: code('clearance_status', clearance).toLowerCase() }) : t('said.nothing')), small: r.injury && clearance ? t('said.clearance', { words: code('clearance_status', clearance).toLowerCase() }) : undefined },
    { what: t('fact.allowed'), words: join([basis && code('authority_basis', basis), h.form && t('said.form', { form: h.form })]) || t('said.nothing'), small: join([form, rights]) || (r.consent_ref ? t('said.consent_ref', { ref: r.consent_ref }) : undefined) },
    { what: t('fact.contact'), words: r.subject?.safe_to_contact || r.subject?.phone || t('said.nothing'), small: r.subject?.contacts?.map(contact).join('; ') },
  ];
}

type Said = [key: PlainKey, words: string | undefined | false];
function identity(r: Referral): Said[] {
  const s = r.subject ?? {};
  return [
    ['fact.name', fullName(s.name)], ['fact.descriptor', s.descriptor], ['fact.dob', s.dob], ['fact.age_band', s.age_band], ['fact.sex', s.sex], ['fact.gender', s.gender],
    ['fact.race', s.race && code('race', s.race)], ['fact.ethnicity', s.ethnicity && code('ethnicity', s.ethnicity)], ['fact.language', s.language && language(s.language)], ['fact.interpreter', s.interpreter && t('yes')], ['fact.phone', s.phone],
    ['fact.address', s.address && join([s.address['line'], s.address['city'], join([s.address['state'], s.address['postal']], ' '), s.address['country']])],
    ['fact.ids', s.ids?.map((i) => join([i.system, i.value], ' ')).join('; ')], ['fact.people', s.contacts?.map(contact).join('; ')], ['fact.marital', s.marital],
  ];
}
function care(r: Referral): Said[] {
  const risk = r.risk ?? {}, c = r.clearance;
  const risks = (['self', 'others', 'grave', 'weapons', 'weapons_secured'] as const).map((k) => risk[k] && `${t(`fact.risk_${k}`)}: ${yesNo(risk[k]).toLowerCase()}`);
  return [
    ['fact.risk', join(risks)], ['fact.risk_means', risk['means']], ['fact.hold', hold(r.hold)],
    ['fact.check', c && join([c.status && code('clearance_status', c.status), c.by, c.at && time(c.at), c.bac && 'BAC ' + c.bac, c.tox && 'Tox ' + c.tox])],
    ['fact.measured', r.observations?.map(measured).join('; ')], ['fact.diagnoses', r.diagnoses?.map((x) => join([x.text, x.code], ' ')).join('; ')], ['fact.allergies', r.allergies?.map(coded('reason')).join('; ')],
    ['fact.medications', r.medications?.map(coded('reason')).join('; ')], ['fact.medications_given', r.medications_given?.map(coded('reason')).join('; ')], ['fact.refusals', r.refusals?.join('; ')], ['fact.restraint', r.restraint], ['fact.payer', r.payer],
    ['fact.notes', r.notes?.join('\n')], ['fact.when', r.timeline?.map((m) => join([m.name?.replace(/_/g, ' '), m.at && time(m.at)], ' ')).join('; ')], ['fact.trigger', r.trigger && join([r.trigger.text, r.trigger.code], ' ')],
    ['fact.labels', r.labels?.map((l) => code('label', l)).join(', ')], ['fact.requester', contact(r.requester)],
  ];
}
const drawn = new Set(['subject', 'reasons', 'service', 'urgency', 'requester', 'requester_agency', 'authority_basis', 'consent_ref', 'location_now', 'risk', 'hold', 'transport_needed', 'diagnoses', 'allergies', 'medications',
  'medications_given', 'observations', 'payer', 'labels', 'notes', 'injury', 'restraint', 'clearance', 'timeline', 'trigger', 'refusals', 'attachments']);
const nameOf = (key: string): string => ('fact.' + key in factWords ? t(('fact.' + key) as PlainKey) : key.replace(/_/g, ' '));
const plain = (v: unknown): string => (typeof v === 'string' ? yesNo(time(v)) : typeof v === 'boolean' ? (v ? t('yes') : t('no')) : typeof v === 'number' ? String(v) : JSON.stringify(v));

export function moreFacts(body: Body | null): Fact[] {
  const r = part(body, 'referral');
  if (!r) return [];
  const rest: Fact[] = Object.entries(r).filter(([k]) => !drawn.has(k)).map(([k, v]) => ({ what: nameOf(k), words: plain(v) }));
  const custom = Object.entries((body?.['custom'] ?? {}) as Record<string, string>).map(([what, words]) => ({ what, words }));
  const absent = ((body?.['absent'] ?? []) as { field: string; reason: string }[]).map((a) => `${a.field} (${a.reason})`).join(', ');
  const said = [...identity(r), ...care(r), ['fact.good_faith', body?.['good_faith'] as string | undefined], ['fact.court_order', body?.['court_order'] as string | undefined], ['fact.absent', absent]] as Said[];
  return [...said.filter((f): f is [PlainKey, string] => !!f[1]).map(([k, words]) => ({ what: t(k), words })), ...rest, ...custom];
}
// What opened a thread that no referral opened.
export function otherFacts(body: Body | null): Fact[] {
  if (!body) return [];
  const key = Object.keys(body).find((k) => typeof body[k] === 'object' && body[k] !== null && !Array.isArray(body[k]) && !['source', 'seen', 'custom', 'emergency', 'consent_copy'].includes(k));
  return key ? Object.entries(body[key] as Record<string, unknown>).filter(([k]) => k !== 'attachments').map(([k, v]) => ({ what: nameOf(k), words: plain(v) })) : [];
}
