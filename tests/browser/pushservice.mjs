// A push service on loopback, as a browser's maker runs one: takes what agents post to a subscription's address and keeps it; and the keys of
// that subscription, so that a test opens what the browser would.
import { execFileSync } from 'node:child_process';
import { createECDH, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const opener = join(dirname(fileURLToPath(import.meta.url)), '..', 'interop', 'webpush_open.mjs');

export async function openPushService() {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-push-')), key = join(folder, 'key'), ca = join(folder, 'cert');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', ca, '-days', '30', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
  const pair = createECDH('prime256v1'), auth = randomBytes(16), got = [], waiting = [];
  pair.generateKeys();
  const server = createServer({ key: readFileSync(key), cert: readFileSync(ca) }, (ask, answer) => {
    const parts = [];
    ask.on('data', (part) => parts.push(part));
    ask.on('end', () => {
      const post = { path: ask.url, headers: ask.headers, body: Buffer.concat(parts) };
      got.push(post);
      waiting.splice(0).forEach((go) => go());
      answer.writeHead(201).end();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    ca,
    subscription: { endpoint: `https://localhost:${server.address().port}/device`, p256dh: pair.getPublicKey().toString('base64url'), auth: auth.toString('base64url') },
    // The next post, whole and as the browser would read it.
    async next() {
      while (got.length === 0) await new Promise((go) => waiting.push(go));
      const post = got.shift();
      return { ...post, text: execFileSync(process.execPath, [opener, 'open', pair.getPrivateKey().toString('base64url'), auth.toString('base64url'), post.body.toString('base64url')]).toString() };
    },
    stop: () => new Promise((done) => { server.close(done); server.closeAllConnections(); rmSync(folder, { recursive: true }); }),
  };
}
