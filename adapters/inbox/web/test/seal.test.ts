// Drafts on the device: only the person's key opens them, only under their own id, and nothing of them shows.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { draftKey, openDraft, sealDraft } from '../src/state/seal';

if (!globalThis.crypto) Object.defineProperty(globalThis, 'crypto', { value: webcrypto }); // node 18
const base64 = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const draft = { title: 'Accepting J. Doe, 34', body: { thread: 'T', action: 'accept' } };

test('opens with the same key and id', async () => {
  const key = await draftKey(base64(1));
  assert.deepEqual(await openDraft(key, 'a', await sealDraft(key, 'a', draft)), draft);
});
test('an attacker with the device: no plaintext, no other key, no other id, no changed byte', async () => {
  const key = await draftKey(base64(1)), sealed = await sealDraft(key, 'a', draft);
  assert.ok(!Buffer.from(sealed).toString('latin1').includes('Doe'));
  assert.equal(await openDraft(await draftKey(base64(2)), 'a', sealed), null);
  assert.equal(await openDraft(key, 'b', sealed), null);
  for (const at of [0, 12, sealed.length - 1]) {
    const bent = sealed.slice();
    bent[at] = (bent[at] ?? 0) ^ 1;
    assert.equal(await openDraft(key, 'a', bent), null);
  }
  assert.equal(await openDraft(key, 'a', sealed.slice(0, 20)), null);
});
test('the same draft sealed twice is not the same bytes, and the key does not come out', async () => {
  const key = await draftKey(base64(1));
  assert.notDeepEqual(await sealDraft(key, 'a', draft), await sealDraft(key, 'a', draft));
  await assert.rejects(() => crypto.subtle.exportKey('raw', key));
});
