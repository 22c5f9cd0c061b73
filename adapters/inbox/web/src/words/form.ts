// The fields of a new referral as a form holds them (strings, all there from the beginning) and the message that comes of them. Pure.
import type { Body } from '../api/types';
import type { Fields } from './body';
import { atDay } from './time';

export interface Form {
  service: string; to: string; urgency: string; reasons: string[]; reason_text: string;
  unknown: boolean; given: string; family: string; descriptor: string; dob: string; age_band: string; sex: string; gender: string; language: string; interpreter: boolean; person_phone: string; safe_to_contact: string;
  kin_name: string; kin_role: string; kin_phone: string;
  requester_name: string; requester_role: string; callback: string; basis: string; consent_ref: string; location_now: string; incident_ref: string; transport: boolean;
  self: string; others: string; grave: string; weapons: string; weapons_secured: string; means: string; restraint: string; injury: string;
  hold_form: string; hold_basis: string; hold_start: string; hold_expires: string; rights: string; form_attached: string;
  clearance: string; medications: string; allergies: string; payer: string; member_id: string; dependents: string; veteran: string; housing: string; labels: string[]; notes: string;
  paper_at: string; // local date and time; empty: not from paper
}
export function empty(who: { name: string; phone: string }): Form {
  const text = ['service', 'to', 'urgency', 'reason_text', 'given', 'family', 'descriptor', 'dob', 'age_band', 'sex', 'gender', 'language', 'person_phone', 'safe_to_contact', 'kin_name', 'kin_role', 'kin_phone',
    'requester_role', 'basis', 'consent_ref', 'location_now', 'incident_ref', 'self', 'others', 'grave', 'weapons', 'weapons_secured', 'means', 'restraint', 'injury', 'hold_form', 'hold_basis', 'hold_start',
    'hold_expires', 'rights', 'form_attached', 'clearance', 'medications', 'allergies', 'payer', 'member_id', 'dependents', 'veteran', 'housing', 'notes', 'paper_at'] as const;
  const blank = Object.fromEntries(text.map((k) => [k, ''])) as Record<(typeof text)[number], string>;
  return { ...blank, reasons: [], labels: [], unknown: false, interpreter: false, transport: false, requester_name: who.name, callback: who.phone };
}

// Leaves out what nobody said: an empty field means "not said" in the model.
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) { const list = value.map(tidy).filter((v) => v !== undefined); return list.length ? list : undefined; }
  if (value && typeof value === 'object') {
    const kept = Object.entries(value).map(([k, v]) => [k, tidy(v)] as const).filter(([, v]) => v !== undefined);
    return kept.length ? Object.fromEntries(kept) : undefined;
  }
  if (typeof value === 'string') return value.trim() || undefined;
  return value === false ? undefined : value;
}
const lines = (text: string) => text.split('\n').map((l) => l.trim()).filter(Boolean);
// "R. Vance" and "Rosa Maria Vance": the last word is the family name.
export function name(words: string): Fields {
  const parts = words.trim().split(/\s+/), family = parts.pop() ?? '';
  return { family, given: parts.join(' ') };
}
// A day and a time as a form holds them ("2026-10-05T14:10") in the agency's zone, as the model wants them.
export const utc = (typed: string, tz: string): string => { const [day = '', time = ''] = typed.split('T'); return atDay(day, time, tz).replace(/\.\d+Z$/, 'Z'); };

export function toBody(f: Form, agency: string, tz: string): Body {
  const person = f.unknown ? { unknown: true, descriptor: f.descriptor } : { name: { given: f.given, family: f.family }, descriptor: f.descriptor };
  const referral = {
    subject: {
      ...person, dob: f.dob, age_band: f.dob ? '' : f.age_band, sex: f.sex, gender: f.gender, language: f.language, interpreter: f.interpreter, phone: f.person_phone, safe_to_contact: f.safe_to_contact,
      contacts: f.kin_name.trim() ? [{ name: name(f.kin_name), role: f.kin_role, phone: f.kin_phone }] : [],
    },
    reasons: [...f.reasons.map((code, i) => ({ code, text: i === 0 ? f.reason_text : '' })), ...(f.reasons.length === 0 && f.reason_text.trim() ? [{ text: f.reason_text }] : [])],
    service: { code: f.service }, urgency: f.urgency, requester: { name: name(f.requester_name), role: f.requester_role, phone: f.callback }, requester_agency: agency,
    authority_basis: f.basis, consent_ref: f.consent_ref, location_now: f.location_now, incident_ref: f.incident_ref, transport_needed: f.transport,
    risk: { self: f.self, others: f.others, grave: f.grave, weapons: f.weapons, weapons_secured: f.weapons_secured, means: f.means }, restraint: f.restraint, injury: f.injury,
    hold: { form: f.hold_form, basis: f.hold_basis, start: utc(f.hold_start, tz), expires: utc(f.hold_expires, tz), rights_advised: f.rights, form_attached: f.form_attached },
    med_clearance: f.clearance, medications: lines(f.medications).map((text) => ({ text })), allergies: lines(f.allergies).map((text) => ({ text })),
    payer: f.payer, member_id: f.member_id, dependents: f.dependents, veteran: f.veteran, housing: f.housing, labels: f.labels, notes: lines(f.notes),
  };
  return { kind: 'Referral', referral: tidy(referral) as Fields };
}

// The form's field for a place that the agent names ("referral.risk.weapons"); '' if it is none of the form's.
const places: [RegExp, keyof Form][] = [
  [/weapons_secured/, 'weapons_secured'], [/weapons/, 'weapons'], [/risk\.self/, 'self'], [/risk\.others/, 'others'], [/risk\.grave/, 'grave'], [/means/, 'means'], [/reason/, 'reasons'], [/location/, 'location_now'],
  [/callback|requester\.phone/, 'callback'], [/requester\.(name|person)/, 'requester_name'], [/requester/, 'requester_name'], [/authority_basis|^basis/, 'basis'], [/consent/, 'consent_ref'], [/urgency/, 'urgency'],
  [/service/, 'service'], [/dob|age/, 'dob'], [/subject\.name|subject$/, 'family'], [/descriptor/, 'descriptor'], [/hold\.start/, 'hold_start'], [/hold\.expires/, 'hold_expires'], [/hold\.basis/, 'hold_basis'], [/hold/, 'hold_form'],
  [/clearance/, 'clearance'], [/incident_ref/, 'incident_ref'], [/label/, 'labels'], [/paper_at|entered_at|written_at/, 'paper_at'], [/^to$/, 'to'],
];
export const fieldOf = (where: string): keyof Form | '' => places.find(([at]) => at.test(where))?.[1] ?? '';

// What every referral needs (docs/spec/lifecycle.md); what the policy asks for beside that, the agent says.
export function missing(f: Form): (keyof Form)[] {
  const out: (keyof Form)[] = [];
  const need = (key: keyof Form, there: boolean) => { if (!there) out.push(key); };
  need('service', f.service !== '');
  need('to', f.to !== '');
  need('urgency', f.urgency !== '');
  need('reasons', f.reasons.length > 0 || f.reason_text.trim() !== '');
  need(f.unknown ? 'descriptor' : 'family', (f.unknown ? f.descriptor : f.family).trim() !== '');
  need('dob', f.unknown || f.dob !== '' || f.age_band !== '');
  need('requester_name', f.requester_name.trim() !== '');
  need('callback', f.callback.trim() !== '');
  need('basis', f.basis !== '');
  need('consent_ref', f.basis !== 'consent' || f.consent_ref.trim() !== '');
  need('location_now', f.location_now.trim() !== '');
  return out;
}
