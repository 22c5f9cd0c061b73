// How pressing a deadline is, and how times read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { press, span, when } from '../src/words/time';

const min = 60_000, at = Date.parse('2026-11-23T14:25:00Z');
test('soon is ten minutes or a quarter, whichever is longer, but never the whole', () => {
  assert.equal(press(at - 240 * min, at, at - 61 * min), 'calm');
  assert.equal(press(at - 240 * min, at, at - 60 * min), 'soon');
  assert.equal(press(at - 15 * min, at, at - 11 * min), 'calm');
  assert.equal(press(at - 15 * min, at, at - 10 * min), 'soon');
  assert.equal(press(at - 8 * min, at, at - 7 * min), 'calm');
  assert.equal(press(at - 8 * min, at, at), 'over');
});
test('spans are whole minutes, rounded down', () => {
  assert.deepEqual(span(-12.9 * min), { d: 0, h: 0, min: 12 });
  assert.deepEqual(span(160 * min), { d: 0, h: 2, min: 40 });
});
test('times are of the agency, 24 hours', () => {
  assert.equal(when(at, at, 'America/Denver', 'en'), '07:25');
  assert.equal(when(at + 20 * 60 * min, at, 'America/Denver', 'en'), 'Tue 03:25');
  assert.equal(when(at + 20 * 60 * min, at, 'America/Denver', 'es'), 'mar 03:25');
  assert.equal(when(at, at, 'Nowhere/At_All', 'en').length, 5);
});
