// Drafts on this device, sealed under the person's key, which the agent gives with the session and which is forgotten at lock.
import { onDrop } from './drop';
import { draftKey, openDraft, sealDraft, type DraftKey } from './seal';

let key: Promise<DraftKey> | null = null;
export function useDraftKey(base64: string): void {
  key = draftKey(base64);
  key.catch(() => { key = null; }); // no WebCrypto without TLS: nothing is kept, and the screen says so
}
onDrop(() => { key = null; });

let store: Promise<IDBDatabase> | null = null;
const opened = () => (store ??= new Promise((done, fail) => {
  const asking = indexedDB.open('handoff', 1);
  asking.onupgradeneeded = () => { asking.result.createObjectStore('drafts'); };
  asking.onsuccess = () => done(asking.result);
  asking.onerror = () => fail(asking.error ?? new Error('no store'));
}));
const ask = async <T>(mode: IDBTransactionMode, what: (drafts: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
  const db = await opened();
  return new Promise((done, fail) => {
    const request = what(db.transaction('drafts', mode).objectStore('drafts'));
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error ?? new Error('no store'));
  });
};

// False: this device keeps nothing (private window, storage full); the screen says so.
export async function keepDraft(id: string, value: unknown): Promise<boolean> {
  try {
    if (!key) return false;
    const sealed = await sealDraft(await key, id, value);
    await ask('readwrite', (drafts) => drafts.put(sealed, id));
    return true;
  } catch { return false; }
}
export async function dropDraft(id: string): Promise<void> {
  try { await ask('readwrite', (drafts) => drafts.delete(id)); } catch { /* nothing was kept */ }
}
// One draft by its id, for a form that goes on where it was left.
export async function keptDraft<T>(id: string): Promise<T | null> {
  try {
    const sealed = await ask<Uint8Array | undefined>('readonly', (drafts) => drafts.get(id));
    return sealed && key ? ((await openDraft(await key, id, sealed)) as T | null) : null;
  } catch { return null; }
}
// All of this person's that were meant to be sent (forms have ids that begin with "form:").
export async function keptDrafts<T>(): Promise<T[]> {
  try {
    if (!key) return [];
    const mine = await key, out: T[] = [];
    for (const id of await ask('readonly', (drafts) => drafts.getAllKeys())) {
      if (typeof id !== 'string' || id.startsWith('form:')) continue;
      const sealed = await ask<Uint8Array | undefined>('readonly', (drafts) => drafts.get(id));
      const value = sealed && (await openDraft(mine, id, sealed));
      if (value) out.push(value as T);
    }
    return out;
  } catch { return []; }
}
