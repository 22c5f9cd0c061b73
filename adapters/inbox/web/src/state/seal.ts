// Sealing of drafts: AES-GCM with the person's draft key, a fresh nonce each time, bound to the draft's id. Pure but for WebCrypto.
export type DraftKey = CryptoKey;
export async function draftKey(base64: string): Promise<DraftKey> {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
const bound = (id: string) => new TextEncoder().encode('handoff draft 1 ' + id);
export async function sealDraft(key: DraftKey, id: string, value: unknown): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound(id) }, key, new TextEncoder().encode(JSON.stringify(value)));
  const out = new Uint8Array(12 + sealed.byteLength);
  out.set(iv);
  out.set(new Uint8Array(sealed), 12);
  return out;
}
// Null: not this person's, or not what was sealed.
export async function openDraft(key: DraftKey, id: string, sealed: Uint8Array): Promise<unknown> {
  try {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.slice(0, 12), additionalData: bound(id) }, key, sealed.slice(12));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch { return null; }
}
