// An independent reader of Web Push: what a browser does with a message (RFC 8291, RFC 8188), and what a push service does with a VAPID
// token (RFC 8292), by node's crypto alone.
//   node webpush_open.mjs open SECRET AUTH BODY       base64url; prints the text
//   node webpush_open.mjs vapid 'vapid t=..., k=...'  prints the claims
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, verify } from 'node:crypto';

const bytes = (text) => Buffer.from(text, 'base64url');
const hkdf = (key, salt, info, n) => Buffer.from(hkdfSync('sha256', key, salt, info, n));

export function open(secret, auth, body) {
  const salt = body.subarray(0, 16), size = body.readUInt32BE(16), n = body[20], sender = body.subarray(21, 21 + n), record = body.subarray(21 + n);
  if (record.length > size || record.length < 17) throw new Error('not one record');
  const browser = createECDH('prime256v1');
  browser.setPrivateKey(secret);
  const ikm = hkdf(browser.computeSecret(sender), auth, Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]), 32);
  const key = hkdf(ikm, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = hkdf(ikm, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const gcm = createDecipheriv('aes-128-gcm', key, nonce);
  gcm.setAuthTag(record.subarray(record.length - 16));
  const plain = Buffer.concat([gcm.update(record.subarray(0, record.length - 16)), gcm.final()]);
  const end = plain.lastIndexOf(2);
  if (end < 0 || plain.subarray(end + 1).some((b) => b !== 0)) throw new Error('no end of the last record');
  return plain.subarray(0, end).toString('utf8');
}

export function claims(authorization) {
  const parts = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization);
  if (parts === null) throw new Error('not a VAPID value');
  const [, head, body, signature, key] = parts, point = bytes(key);
  if (JSON.parse(bytes(head)).alg !== 'ES256' || point.length !== 65) throw new Error('not ES256');
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  const holds = verify('sha256', Buffer.from(`${head}.${body}`), { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, bytes(signature));
  if (!holds) throw new Error('the signature does not hold');
  return bytes(body).toString('utf8');
}

const [, , verb, ...given] = process.argv;
try {
  process.stdout.write(verb === 'open' ? open(bytes(given[0]), bytes(given[1]), bytes(given[2])) : claims(given[0]));
} catch {
  process.stdout.write('refused');
}
