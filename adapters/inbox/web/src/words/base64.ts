// Binary of the web's own interfaces in base64url, as the agent says and hears it. Pure.
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  const out = new Uint8Array(new ArrayBuffer(plain.length));
  for (let i = 0; i < plain.length; i++) out[i] = plain.charCodeAt(i);
  return out;
}
export function base64(bytes: ArrayBuffer | Uint8Array): string {
  const all = new Uint8Array(bytes);
  let out = '';
  for (let i = 0; i < all.length; i += 0x8000) out += String.fromCharCode(...all.subarray(i, i + 0x8000));
  return btoa(out);
}
export const toBase64url = (bytes: ArrayBuffer | Uint8Array): string => base64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
