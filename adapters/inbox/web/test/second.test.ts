// The pure modules of handoff, follow-up, loops, forms, reports and files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, LoopRow, Report, Row } from '../src/api/types';
import { base64, fromBase64url, toBase64url } from '../src/words/base64';
import { content, nameOf } from '../src/words/body';
import { cell, reportCsv } from '../src/words/csv';
import { kept, shows } from '../src/words/files';
import { groups } from '../src/words/followups';
import { empty, fieldOf, missing, toBody, utc } from '../src/words/form';
import { checks, handover, minutes } from '../src/words/handover';
import { wall } from '../src/words/local';
import { byNeed, next, pressing, stateOf } from '../src/words/loops';
import { period } from '../src/words/period';
import { share } from '../src/words/scale';

const report = (phase: string, outgoing: boolean, at: string, more: Partial<Event> = {}) =>
  ({ kind: 'HandoffReport', outgoing, at, from_name: outgoing ? 'us' : 'them', body: { kind: 'HandoffReport', handoff_report: { phase, at } }, conflict: false, ...more }) as Event;

test('a handoff is taken only by a take of the other side, after the newest offer', () => {
  const offer = report('offer', false, '2026-10-05T14:00:00Z'), take = report('take', true, '2026-10-05T14:09:00Z');
  assert.equal(handover([]).phase, '');
  assert.equal(handover([offer]).phase, 'offered');
  assert.equal(handover([offer, report('take', false, '2026-10-05T14:01:00Z')]).phase, 'offered', 'nobody takes what they offer');
  assert.equal(handover([offer, { ...take, retracted: true }]).phase, 'offered');
  assert.equal(handover([offer, { ...take, refused: 'no move' }]).phase, 'offered');
  assert.equal(handover([offer, take]).phase, 'taken');
  assert.equal(minutes(handover([offer, take])), 9);
  assert.equal(minutes(handover([offer])), null);
  assert.equal(handover([offer, report('refuse', true, '2026-10-05T14:05:00Z')]).phase, 'refused');
  assert.equal(handover([offer, report('refuse', true, '2026-10-05T14:05:00Z'), report('offer', false, '2026-10-05T14:20:00Z')]).phase, 'offered', 'offered again');
  assert.equal(handover([take]).phase, 'taken', 'a copy of a take');
});
test('every check is needed; what differs stands in for "as offered"; belongings and form only where there are any', () => {
  assert.deepEqual(checks({}, ''), ['with', 'as_offered']);
  assert.deepEqual(checks({ belongings: '1 bag' }, ''), ['with', 'as_offered', 'things']);
  assert.deepEqual(checks({ hold: { form_attached: 'yes' } }, 'He bleeds'), ['with', 'things']);
});

const row = (thread: string, follow_ups: Row['follow_ups']) => ({ thread, follow_ups }) as Row;
test('follow-up: late first, today and later by the agency\'s day, what is written down apart', () => {
  const now = Date.parse('2026-10-05T20:00:00Z');
  const g = groups([row('a', [{ mark: 'FU24', due: '2026-10-05T19:00:00Z', result: '' }, { mark: 'FU72', due: '2026-10-06T04:00:00Z', result: '' }]),
    row('b', [{ mark: 'FU24', due: '2026-10-04T19:00:00Z', result: '' }, { mark: 'FU30', due: '2026-10-06T07:00:00Z', result: '' }, { mark: 'FU7', due: '2026-10-01T07:00:00Z', result: 'reached' }])], now, 'America/Denver');
  assert.deepEqual(g.overdue.map((d) => d.row.thread + d.mark), ['bFU24', 'aFU24']);
  assert.deepEqual(g.today.map((d) => d.mark), ['FU72'], '22:00 in Denver is still today');
  assert.deepEqual(g.later.map((d) => d.mark), ['FU30']);
  assert.deepEqual(g.done.map((d) => d.mark), ['FU7']);
});

const loop = (more: Partial<LoopRow>) => ({ thread: '', esc_level: 0, overdue: [], next: null, phase: 'received', phone: '555-0110', ...more }) as LoopRow;
const late = (name: string, late_s: number) => ({ name, at: '2026-10-05T14:00:00Z', late_s });
test('the next step of a loop: another agency only when nobody decided and level 2 is reached; else a call; else nothing', () => {
  assert.equal(next(loop({})), 'none');
  assert.equal(next(loop({ phase: 'rejected' })), 'suggest');
  assert.equal(next(loop({ overdue: [late('decide', 60)], esc_level: 1 })), 'call');
  assert.equal(next(loop({ overdue: [late('decide', 60)], esc_level: 2 })), 'suggest');
  assert.equal(next(loop({ overdue: [late('contact', 60)], esc_level: 2, phase: 'accepted' })), 'call');
  assert.equal(stateOf(loop({ overdue: [late('outcome', 5)], phase: 'in-progress' })), 'missing');
  assert.equal(pressing(loop({ overdue: [late('decide', 5), late('view', 50)] }))?.name, 'view');
  const order = [loop({ thread: 'calm' }), loop({ thread: 'late', overdue: [late('contact', 9)] }), loop({ thread: 'high', esc_level: 2 })].sort(byNeed).map((l) => l.thread);
  assert.deepEqual(order, ['high', 'late', 'calm']);
});

test('a form leaves out what nobody said, and names its field for a place that the agent names', () => {
  const f = { ...empty({ name: 'R. Vance', phone: '555-0117' }), service: 'CSU_BED', to: 'harbor', urgency: 'urgent', reasons: ['SI'], family: 'Doe', dob: '1992-02-14', basis: 'hold', location_now: 'Mill Street', hold_form: 'M-1', hold_start: '2026-10-05T14:10' };
  assert.deepEqual(missing(f), []);
  assert.deepEqual(missing({ ...f, basis: 'consent', family: '' }), ['family', 'consent_ref']);
  const r = content(toBody(f, 'apd', 'America/Denver'));
  assert.deepEqual(r['subject'], { name: { family: 'Doe' }, dob: '1992-02-14' });
  assert.deepEqual(r['requester'], { name: { given: 'R.', family: 'Vance' }, phone: '555-0117' });
  assert.deepEqual(r['hold'], { form: 'M-1', start: '2026-10-05T20:10:00Z' });
  assert.equal('risk' in r, false);
  assert.equal(nameOf({ given: 'R.', family: 'Vance' }), 'R. Vance');
  assert.equal(fieldOf('referral.risk.weapons'), 'weapons');
  assert.equal(fieldOf('referral.requester.phone'), 'callback');
  assert.equal(fieldOf('F9'), '');
  assert.deepEqual(['2026-10-05T', 'T', '', 'T14:10'].map((typed) => utc(typed, 'America/Denver')), ['', '', '', ''], 'half a moment is none');
  assert.equal(wall(Date.parse('2026-10-05T20:10:00Z'), 'America/Denver'), '2026-10-05T14:10');
});

test('a spreadsheet reads no formula out of a report, and a hidden cell stays hidden', () => {
  assert.equal(cell('=HYPERLINK("x")'), `"'=HYPERLINK(""x"")"`);
  assert.equal(cell('-3'), '-3');
  assert.equal(cell('a,b'), '"a,b"');
  const text = reportCsv({ name: 'q', title: 'T', period: 'P', made: 'M', policy: { id: 'p', version: 1 }, log: { size: 1, root: 'r' }, command: 'c', suppress_below: 11,
    tables: [{ id: 'a', title: 'A', definition: 'D', columns: ['N'], rows: [{ label: '@x', cells: [{ value: 7, shown: '1-10', suppressed: true }] }], missing: 0, denominator: 'all', chart: 'none' }] } satisfies Report);
  assert.match(text, /'@x,1-10\r\n/);
  assert.doesNotMatch(text, /,7\r/);
});

test('only pictures, PDF and plain text are shown; whatever could run is a download', () => {
  for (const type of ['image/svg+xml', 'text/html', 'application/xhtml+xml', 'text/xml', 'application/javascript', '', 'image/png.html']) assert.equal(shows(type), 'no', type);
  assert.equal(shows('image/PNG'), 'picture');
  assert.equal(shows('application/pdf; x=1'), 'pdf');
  assert.equal(shows('text/plain; charset=utf-8'), 'text');
});
test('a file is opened only when all of it is here and nothing spoke against it', () => {
  assert.deepEqual(['here', 'sent', 'sending: 1 of 3 parts', 'not sent: the reader\'s view has no attachments'].map(kept), ['here', 'here', 'here', 'here']);
  assert.deepEqual(['arriving: 3 of 12 parts', 'waits for the virus scan', 'refused by the virus scan', 'refused: too large', 'gone: retention', 'not here'].map(kept), ['pending', 'pending', 'refused', 'refused', 'gone', 'gone']);
});
test('base64url there and back, also when it is long', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) % 256);
  assert.deepEqual(fromBase64url(toBase64url(bytes)), bytes);
  assert.equal(base64(bytes.slice(0, 3)), Buffer.from(bytes.slice(0, 3)).toString('base64'));
});
test('periods begin and end with quarters; a bar is a share of the longest', () => {
  assert.deepEqual(period('last_quarter', new Date('2026-02-10T00:00:00Z')), { since: '2025-10-01', until: '2026-01-01' });
  assert.deepEqual(period('this_quarter', new Date('2026-11-26T00:00:00Z')), { since: '2026-10-01', until: '2027-01-01' });
  assert.equal(share(5, 10, 200), 100);
  assert.equal(share(1, 0, 200), 0);
});
