// What leaves and when: nothing before the ten seconds are over, nothing after an undo, nothing old without a word of the person.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

// A browser of a few lines: the time is ours, the agent answers as told.
let clock = 1_000_000;
const timers = new Map<number, { every: number; next: number; run: () => void }>();
let ids = 0;
const fakes: Record<string, unknown> = {
  window: { addEventListener: () => {} }, matchMedia: () => ({ matches: false, addEventListener: () => {} }),
  document: { addEventListener: () => {}, visibilityState: 'visible', documentElement: { dataset: {} } },
  setInterval: (run: () => void, every: number) => { timers.set(++ids, { every, next: clock + every, run }); return ids; },
  clearInterval: (id: number) => timers.delete(id),
};
for (const [name, value] of Object.entries(fakes)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
Date.now = () => clock;
async function pass(ms: number): Promise<void> {
  const end = clock + ms;
  while (clock < end) {
    clock += 100;
    for (const timer of [...timers.values()]) if (timer.next <= clock) { timer.next += timer.every; timer.run(); }
  }
  await settle();
}
const settle = async () => { for (let i = 0; i < 20; i++) await Promise.resolve(); await new Promise((done) => setImmediate(done)); };
let asked: { path: string; body: Record<string, unknown> }[] = [], there = true;
globalThis.fetch = (async (path: string, init: { body: string }) => {
  if (!there) throw new TypeError('no network');
  asked.push({ path, body: JSON.parse(init.body) as Record<string, unknown> });
  return new Response(JSON.stringify({ ok: true, thread: 'T', message: 'M', threads: [], counts: {} }), { status: 200 });
}) as typeof fetch;
const { send, undo, outgoing, retryWaiting, sendNow, discard } = await import('../src/state/outgoing');
const { drop } = await import('../src/state/drop');
const acts = () => asked.filter((a) => a.path === '/api/v1/inbox.act');
const accept = () => send('inbox.act', { thread: 'T', action: 'accept' }, { thread: 'T', title: 'Accepting J. Doe' });
beforeEach(() => { drop(); asked = []; there = true; });

test('the request leaves only at zero, once', async () => {
  accept();
  await pass(9_800);
  assert.equal(acts().length, 0);
  await pass(400);
  assert.equal(acts().length, 1);
  await pass(20_000);
  assert.equal(acts().length, 1);
  assert.equal(outgoing.value.length, 0);
});
test('an undo in time sends nothing, ever', async () => {
  undo(accept());
  await pass(30_000);
  assert.equal(acts().length, 0);
  assert.equal(outgoing.value.length, 0);
});
test('locking in the ten seconds sends nothing and leaves no plaintext', async () => {
  accept();
  await pass(5_000);
  drop();
  await pass(30_000);
  assert.equal(acts().length, 0);
  assert.equal(outgoing.value.length, 0);
});
test('with the agent away it waits; fresh, it goes by itself under the same key', async () => {
  there = false;
  accept();
  await pass(11_000);
  assert.equal(outgoing.value[0]?.stage, 'waiting');
  there = true;
  retryWaiting();
  await settle();
  assert.equal(acts().length, 1);
  assert.match(String(acts()[0]?.body['dedupe_key']), /^[0-9a-f-]{36}$/);
});
test('older than two minutes it asks first', async () => {
  there = false;
  const id = accept();
  await pass(11_000);
  there = true;
  await pass(120_000);
  retryWaiting();
  await settle();
  assert.equal(acts().length, 0);
  assert.equal(outgoing.value[0]?.stage, 'draft');
  sendNow(id);
  await settle();
  assert.equal(acts().length, 1);
});
test('a draft that is discarded is gone', async () => {
  there = false;
  const id = accept();
  await pass(200_000);
  retryWaiting();
  discard(id);
  there = true;
  retryWaiting();
  await settle();
  assert.equal(acts().length, 0);
});
