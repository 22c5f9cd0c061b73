// What stands where in the inbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from '../src/api/types';
import { arrange, matches, sectionOf, unseen } from '../src/words/order';
import { reached } from '../src/words/marks';

const now = Date.parse('2026-11-23T14:37:00Z'), at = (min: number) => new Date(now + min * 60_000).toISOString();
const row = (thread: string, section: Row['section'], due: number | null, name = 'decide') =>
  ({ thread, section, clock: due === null ? null : { name, from: at(-100), at: at(due), phone: true }, received: at(-50), updated: at(-Number(thread)) }) as unknown as Row;
const shown = (rows: Row[]) => Object.fromEntries(arrange(rows, now).filter((g) => g.threads.length).map((g) => [g.section, g.threads.join()]));

test('the nearest deadline first, none last, done by what was newest', () => {
  assert.deepEqual(shown([row('1', 'decide', 30), row('2', 'decide', null), row('3', 'decide', 5), row('8', 'done', null), row('4', 'done', null)]), { decide: '3,1,2', done: '4,8' });
});
test('a deadline that passed on this device is overdue at once, the longest first; the end of a hold and what is done are not', () => {
  assert.deepEqual(shown([row('1', 'decide', -2), row('2', 'handoff', -12), row('3', 'active', -1, 'hold:end'), row('4', 'done', -3)]), { overdue: '2,1', active: '3', done: '4' });
  assert.equal(sectionOf(row('1', 'decide', 0), now), 'overdue');
});
test('only what the list does not show yet is new; done never is', () => {
  const before = arrange([row('1', 'decide', 3)], now), after = arrange([row('1', 'decide', 3), row('2', 'decide', 9), row('3', 'done', null)], now);
  assert.equal(unseen(before, after), 1);
});
test('a search needs every word, without accents', () => {
  assert.ok(matches('J. Doe, 34 Thoughts of suicide Alder Police', 'doe alder'));
  assert.ok(matches('Núñez, 50', 'nunez'));
  assert.ok(!matches('J. Doe, 34', 'doe 35'));
});
test('a mark is never ahead of its receipt', () => {
  const none = { state: 'sending', sent: null, delivered: null, seen: null, acted: null, due: null } as const;
  assert.equal(reached(none), 0);
  assert.equal(reached({ ...none, sent: at(0) }), 1);
  assert.equal(reached({ ...none, sent: at(0), delivered: at(0), seen: at(1) }), 3);
});
