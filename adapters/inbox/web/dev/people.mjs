// The made-up rows and threads of dev/mock.mjs: the frames of the design, around now.
const start = Date.now();
export const now = () => new Date().toISOString();
export const ago = (min) => new Date(start - min * 60000).toISOString();
const id = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const marks = (state, sent, delivered, seen, acted, due) => ({ state, sent, delivered, seen, acted, due });
const row = (n, o) => ({
  thread: id(n), order: n, side: 'to_us', section: 'decide', kind: 'Referral', from: 'alder-pd', from_name: 'Alder Police', to: 'stbrigid-ed', to_name: 'St. Brigid ED',
  who: { initials: '?', age: '', words: 'Nobody known' }, reason_codes: [], reason_text: '', service: 'CRISIS_EVAL', urgency: 'urgent', phase: 'requested', loop: 'open', esc_level: 0,
  clock: null, marks: marks('delivered', ago(20), ago(20), null, null, null), place: '', expected_at: null, handoff: '', follow_ups: [], received: ago(20), updated: ago(5),
  unread: false, expired: false, test: false, conflict: false, ...o,
});
export const rows = [
  row(1, { section: 'overdue', who: { initials: 'JD', age: '34', words: 'J. Doe, 34' }, reason_codes: ['SI', 'SUBST'], urgency: 'emergent', esc_level: 2, unread: true,
    clock: { name: 'decide', from: ago(27), at: ago(12), phone: true }, marks: marks('delivered', ago(27), ago(27), null, null, ago(12)) }),
  row(2, { who: { initials: 'TL', age: '19', words: 'T. Lindgren, 19' }, reason_codes: ['OVERDOSE', 'MEDICAL'], urgency: 'emergent', from: 'harborlight', from_name: 'Harborlight Crisis Center',
    clock: { name: 'decide', from: ago(19), at: ago(-6), phone: true }, marks: marks('seen', ago(9), ago(9), ago(4), null, ago(-6)) }),
  row(3, { who: { initials: '?', age: '~60', words: 'Man, about 60, name not known' }, reason_codes: ['DEMENTIA'], from: 'alder-ems', from_name: 'Alder County EMS',
    clock: { name: 'decide', from: ago(80), at: ago(-160), phone: true }, marks: marks('delivered', ago(80), ago(80), null, null, ago(-160)) }),
  row(4, { section: 'handoff', handoff: 'offered', who: { initials: 'AK', age: '27', words: 'A. Kowalski, 27' }, reason_codes: ['ANX'], from: 'alder-ems', from_name: 'Alder County EMS', place: 'ambulance bay',
    clock: { name: 'handoff', from: ago(6), at: ago(-9), phone: true }, marks: marks('seen', ago(6), ago(6), ago(5), null, ago(-9)) }),
  row(5, { section: 'active', phase: 'accepted', who: { initials: 'SP', age: '41', words: 'S. Park, 41' }, reason_codes: ['PSYCHOSIS'], place: 'Bay 2', expected_at: ago(-18),
    clock: { name: 'contact', from: ago(45), at: ago(-23), phone: true }, marks: marks('acted', ago(60), ago(60), ago(50), ago(45), null) }),
  row(6, { section: 'active', phase: 'on-hold', who: { initials: 'BN', age: '58', words: 'B. Novak, 58' }, reason_codes: ['WITHDRAWAL'], from: 'harborlight', from_name: 'Harborlight Crisis Center',
    clock: { name: 'on_hold', from: ago(200), at: ago(-70), phone: false }, marks: marks('acted', ago(220), ago(220), ago(210), ago(200), null) }),
  row(7, { section: 'done', phase: 'completed', loop: 'closed', who: { initials: 'DV', age: '63', words: 'D. Vega, 63' }, reason_codes: ['DEMENTIA'], from: 'alder-ems', from_name: 'Alder County EMS', updated: ago(113),
    marks: marks('acted', ago(300), ago(300), ago(290), ago(280), null) }),
  row(8, { side: 'from_us', section: 'decide', from: 'stbrigid-ed', from_name: 'St. Brigid ED', to: 'pinefield', to_name: 'Pinefield Stabilization Unit', who: { initials: 'RM', age: '52', words: 'R. Moss, 52' },
    reason_codes: ['MANIA'], service: 'CSU_BED', clock: { name: 'decide', from: ago(20), at: ago(-100), phone: true }, marks: marks('seen', ago(20), ago(20), ago(12), null, ago(-100)) }),
];
export function more(n) {
  const codes = ['SI', 'ANX', 'PSYCHOSIS', 'WITHDRAWAL', 'HOUSING', 'MANIA'];
  for (let i = 0; i < n; i++) rows.push(row(1000 + i, { section: i % 5 === 0 ? 'decide' : 'active', phase: i % 5 ? 'accepted' : 'requested', who: { initials: 'Z' + String.fromCharCode(65 + i % 26), age: String(20 + i % 60), words: `Z. Sample ${i}, ${20 + i % 60}` },
    reason_codes: [codes[i % 6]], clock: { name: 'decide', from: ago(30), at: ago(-60 - i), phone: true } }));
}
const event = (n, o) => ({ message: 'm' + n, kind: 'StatusUpdate', from: 'alder-pd', from_name: 'Alder Police', outgoing: false, at: ago(20), entered_at: null, state: 'seen', marks: marks('seen', ago(20), ago(20), ago(10), null, null), conflict: false, expired: false, ...o });
const referral = {
  kind: 'Referral',
  referral: {
    subject: { name: { family: 'Doe', given: 'J.' }, dob: '1992-03-14', sex: 'M', gender: 'man', language: 'es', interpreter: true, phone: '555-0148', safe_to_contact: 'Safe to call his sister, L. Doe', address: { line: '14 Mill Street', city: 'Alder' },
      contacts: [{ name: { family: 'Doe', given: 'L.' }, role: 'Sister', phone: '555-0149' }], ids: [{ system: 'Alder Police incident', value: '26-1187' }] },
    reasons: [{ code: 'SI', text: 'Said he will end his life and named a plan. No attempt today.' }, { code: 'SUBST' }], service: { code: 'CRISIS_EVAL' }, urgency: 'emergent',
    requester: { name: { family: 'Vance', given: 'R.' }, role: 'cit_officer', phone: '555-0117' }, requester_agency: 'alder-pd', authority_basis: 'hold', location_now: 'Mill Street Station, with police', transport_needed: true,
    risk: { self: 'yes', others: 'no', weapons: 'yes', weapons_secured: 'yes', means: 'Knife, taken by police' }, hold: { form: 'M-1', initiator: 'R. Vance', start: ago(35), expires: ago(-4290), rights_advised: 'yes', form_attached: 'yes' },
    med_clearance: 'not_required', injury: 'No injury seen. Not checked yet', clearance: { status: 'requested' }, restraint: 'none', notes: ['May need a bed tonight'], timeline: [{ name: 'on_scene', at: ago(42) }, { name: 'hold_placed', at: ago(35) }],
    payer: 'Medicaid', medications: [{ text: 'Sertraline 50 mg' }], allergies: [{ text: 'Penicillin' }], housing: 'With his sister', labels: ['mh'],
  },
};
export function shown(thread) {
  const r = rows.find((x) => x.thread === thread);
  if (!r) throw { status: 404, kind: 'not_found', what: 'There is no such thread.' };
  if (!r.marks.seen) { r.marks.seen = now(); r.marks.state = 'seen'; r.unread = false; r.order++; }
  const opening = structuredClone(referral), s = opening.referral;
  if (thread !== id(1)) { s.subject = { unknown: r.who.initials === '?', descriptor: r.who.words, name: { family: r.who.words.split(',')[0] } }; s.reasons = r.reason_codes.map((code) => ({ code })); s.urgency = r.urgency; s.hold = {}; }
  const first = event(1, { kind: 'Referral', from: r.from, from_name: r.from_name, at: ago(27), outgoing: r.side === 'from_us', marks: r.marks, person: 'R. Vance, crisis-trained officer', body: opening,
    decision: { version: 7, rules: ['L1'], view: 'treating', withheld: ['police_narrative'], refused: false }, attachments: thread === id(1) ? [{ number: 1, title: 'Hold form M-1', media_type: 'application/pdf', size: 182000, state: 'ready' }] : [] });
  const paper = event(2, { kind: 'SecureMessage', at: ago(40), entered_at: ago(22), person: 'R. Vance', body: { kind: 'SecureMessage', secure_message: { text: 'He is calm now. His sister is on her way.', author_name: 'R. Vance' } } });
  const done = r.marks.acted ? [event(3, { outgoing: true, from: 'stbrigid-ed', from_name: 'St. Brigid ED', at: r.marks.acted, person: 'M. Okafor, charge nurse', body: { kind: 'StatusUpdate', status_update: { status: r.phase === 'rejected' ? 'rejected' : 'accepted', place: r.place, actor_name: 'M. Okafor', actor_role: 'charge nurse' } } })] : [];
  const level = [1, 2].filter((n) => n <= r.esc_level).map((n) => event(10 + n, { at: ago(n === 1 ? 12 : 2), from: 'stbrigid-ed', from_name: 'St. Brigid ED', outgoing: true, body: { kind: 'StatusUpdate', status_update: { esc_level: n, deadline: 'decide' } } }));
  const stopped = event(8, { kind: 'SecureMessage', outgoing: true, from: 'stbrigid-ed', from_name: 'St. Brigid ED', at: ago(1), refused: 'Rule L1: treatment history stays with who treats.', decision: { version: 7, rules: ['L1'], view: '', withheld: [], refused: true } });
  const open = !r.marks.acted && r.side === 'to_us' && r.section !== 'handoff' && r.section !== 'done';
  return {
    thread, row: r, phase: r.phase, loop: r.loop, requester: r.side === 'from_us', other: r.from, other_name: r.side === 'from_us' ? r.to_name : r.from_name, escalation: r.esc_level, responsible: 'stbrigid-ed',
    deadlines: r.clock ? [{ name: r.clock.name, at: r.clock.at, overdue: Date.parse(r.clock.at) < Date.now(), late_s: 720, tell: 'supervisor', phone: true }] : [], opening, events: thread === id(1) ? [first, paper, ...level, stopped, ...done] : [first, ...done],
    safety: thread === id(1) ? [{ what: 'weapons', known: true, danger: true, words: 'Knife, taken by police', at: null }, { what: 'hold', known: true, danger: false, words: '', at: ago(-4290) }, { what: 'interpreter', known: true, danger: false, words: 'Spanish', at: null },
      { what: 'risk_others', known: true, danger: false, words: 'No', at: null }, { what: 'restraint', known: false, danger: false, words: '', at: null }] : [{ what: 'weapons', known: false, danger: false, words: '', at: null }, { what: 'risk_others', known: true, danger: true, words: 'Yes', at: null }],
    call: { name: 'R. Vance', role: 'Officer', phone: '555-0117' }, desk_phone: '555-0110',
    told: r.esc_level ? [{ at: ago(12), tell: 'supervisor', agency: 'stbrigid-ed', words: 'D. Imai', level: 1 }, { at: ago(2), tell: 'coordinator', agency: 'county', words: 'P. Lindqvist', level: 2 }] : [],
    asked_before: thread === id(1) ? [{ thread: id(99), agency: 'harborlight', name: 'Harborlight Crisis Center', phase: 'rejected', reason_class: 'capacity', reason: 'CAP_NO_BED', at: ago(28) }] : [],
    next_agencies: [{ agency: 'pinefield', name: 'Pinefield Stabilization Unit', capacity: 'has', why: '2 beds, 8 min ago' }, { agency: 'harborlight', name: 'Harborlight Crisis Center', capacity: 'none', why: '28 min ago' }],
    withheld: thread === id(1) ? [{ what: ['Narrative'], rule: 'L1', words: 'Police narratives stay with the police.' }] : [],
    part2_notice: thread === id(6) ? '42 CFR part 2 prohibits unauthorized use or disclosure of these records.' : null, labels: ['mh'],
    moves: open ? ['accept', 'decline', 'info', 'message', 'break_glass'] : r.section === 'active' ? ['start', 'hold', 'complete', 'cancel', 'message', 'handoff_offer'] : ['message'], read_only: null, now: now(),
  };
}
export const lists = {
  'capacity.list': () => ({ capacity: [
    { agency: 'stbrigid-ed', name: 'St. Brigid ED', service: 'CRISIS_EVAL', state: 'has', count: 3, as_of: ago(70), ttl_minutes: 60, stale: true, accepts: '', phone: '555-0163', ours: true },
    { agency: 'pinefield', name: 'Pinefield Stabilization Unit', service: 'CSU_BED', state: 'has', count: 2, as_of: ago(8), ttl_minutes: 60, stale: false, accepts: 'adults', phone: '555-0142', ours: false },
    { agency: 'harborlight', name: 'Harborlight Crisis Center', service: 'CSU_BED', state: 'none', count: 0, as_of: ago(28), ttl_minutes: 60, stale: false, accepts: '', phone: '555-0131', ours: false } ] }),
  'oncall.show': () => ({ people: [{ login: 'dimai', name: 'D. Imai' }], lists: [{ list: 'supervisor', now: [{ login: 'dimai', name: 'D. Imai', phone: '555-0164', until: ago(-200) }], shifts: [{ from: ago(300), until: ago(-200), login: 'dimai', name: 'D. Imai' }], always: [{ login: 'mokafor', name: 'M. Okafor' }], phone: '555-0163' }] }),
  notices: () => ({ notices: [], next: null }),
};
