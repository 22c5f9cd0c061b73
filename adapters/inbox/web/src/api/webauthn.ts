// Passkeys: the agent speaks WebAuthn's JSON form (binary fields in base64url), the browser wants bytes.
type Json = Record<string, unknown>;
const bytes = (text: string): ArrayBuffer => {
  const raw = atob(text.replace(/-/g, '+').replace(/_/g, '/')), out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out.buffer;
};
const text = (buffer: ArrayBuffer | null): string | undefined =>
  buffer ? btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '') : undefined;
const ids = (list: unknown) => (Array.isArray(list) ? (list as Json[]).map((c) => ({ ...c, type: 'public-key' as const, id: bytes(String(c['id'])) })) : []);

export const passkeys = (): boolean => 'PublicKeyCredential' in window;

export async function assertion(options: Json): Promise<Json> {
  const given = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(String(options['challenge'])), allowCredentials: ids(options['allowCredentials']) } as PublicKeyCredentialRequestOptions,
  });
  if (!(given instanceof PublicKeyCredential)) throw new Error('no passkey');
  const r = given.response as AuthenticatorAssertionResponse;
  return {
    id: given.id, rawId: text(given.rawId), type: given.type,
    response: { authenticatorData: text(r.authenticatorData), clientDataJSON: text(r.clientDataJSON), signature: text(r.signature), userHandle: text(r.userHandle) },
  };
}
export async function creation(options: Json): Promise<Json> {
  const user = options['user'] as Json;
  const made = await navigator.credentials.create({
    publicKey: { ...options, challenge: bytes(String(options['challenge'])), user: { ...user, id: bytes(String(user['id'])) }, excludeCredentials: ids(options['excludeCredentials']) } as unknown as PublicKeyCredentialCreationOptions,
  });
  if (!(made instanceof PublicKeyCredential)) throw new Error('no passkey');
  const r = made.response as AuthenticatorAttestationResponse;
  return { id: made.id, rawId: text(made.rawId), type: made.type, response: { authenticatorData: text(r.getAuthenticatorData()), clientDataJSON: text(r.clientDataJSON) } };
}
