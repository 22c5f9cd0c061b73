// A stand-in for the agent, for looking at the inbox: made-up people of Alder County, answers like docs/spec/inbox-api.md. Never a part of the product.
// node dev/mock.mjs [PORT] [ROWS]   (after `npm run build`; sign in with any name and the password "demo", code 000000)
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lists, shown, rows, now, ago, more } from './people.mjs';

const port = Number(process.argv[2] ?? 8090), dist = fileURLToPath(new URL('../dist/', import.meta.url));
more(Number(process.argv[3] ?? 0));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.webmanifest': 'application/manifest+json' };
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
let signedIn = false, order = 100;
const streams = new Set(), sent = new Map();
const hub = { connected: true, since: ago(600), waiting: 0, oldest_age_s: 0, read_only: null };

const session = () => ({
  person: { login: 'mokafor', name: 'M. Okafor', roles: ['clinician', 'supervisor'], role_words: 'charge nurse', language: '' },
  may: ['create', 'accept', 'decline', 'handoff', 'reassign', 'view_timeline', 'break_glass', 'review', 'audit'],
  agency: { slug: 'stbrigid-ed', name: 'St. Brigid ED', kind: 'hospital_ed', coordinator: process.env.COORDINATOR === '1', tz: 'America/Denver' },
  csrf: 'c', draft_key: Buffer.alloc(32, 7).toString('base64'), idle_s: Number(process.env.IDLE ?? 300), ends: ago(-600), change_password: false,
  second_factor: { totp: true, passkeys: 1, required: true }, vapid: null, test: true, now: now(),
});
const ways = {
  password: true, passkey: true, oidc: [{ id: 'county', label: 'Alder County account' }], agency: { slug: 'stbrigid-ed', name: 'St. Brigid ED' },
  phone_tree: [
    { agency: 'stbrigid-ed', name: 'St. Brigid ED', what: 'Charge nurse', phone: '555-0163' }, { agency: 'harborlight', name: 'Harborlight Crisis Center', what: 'Intake', phone: '555-0131' },
    { agency: 'alder-pd', name: 'Alder Police', what: 'Watch commander', phone: '555-0110' }, { agency: 'county', name: 'County coordinator', what: 'Day and night', phone: '555-0100' },
  ],
};
const say = (event, data) => streams.forEach((s) => s.write(`event: ${event}\nid: ${++order}\ndata: ${JSON.stringify(data)}\n\n`));
setInterval(() => say('clock', { now: now() }), 15000);

const counts = () => Object.fromEntries(['overdue', 'decide', 'handoff', 'active', 'done'].map((s) => [s, rows.filter((r) => r.side === 'to_us' && r.section === s).length]));
const ops = {
  'inbox.list': ({ threads, limit = 200, after = 0 }) => {
    const all = threads ? rows.filter((r) => threads.includes(r.thread)) : rows, page = threads ? all : all.slice(after, after + limit);
    return { threads: page, next: !threads && after + limit < all.length ? after + limit : null, counts: counts(), now: now() };
  },
  'inbox.show': ({ thread }) => shown(thread),
  'inbox.act': ({ thread, action, place, dedupe_key }) => {
    if (dedupe_key && sent.has(dedupe_key)) return { ...sent.get(dedupe_key), repeat: true };
    const row = rows.find((r) => r.thread === thread);
    if (!row) throw { status: 404, kind: 'not_found', what: 'There is no such thread.' };
    Object.assign(row, { order: ++order, phase: action === 'accept' ? 'accepted' : 'rejected', section: action === 'accept' ? 'active' : 'done', place: place ?? '', updated: now() });
    row.marks = { ...row.marks, state: 'acted', seen: row.marks.seen ?? now(), acted: now() };
    row.clock = null;
    const answer = { thread, message: 'm' + order, phase: row.phase };
    if (dedupe_key) sent.set(dedupe_key, answer);
    say('thread', { thread, order });
    return answer;
  },
  ...lists,
};
const answer = (res, status, body, headers = {}) => { res.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers }); res.end(JSON.stringify(body)); };
const read = (req) => new Promise((done) => { let s = ''; req.on('data', (d) => { s += d; }); req.on('end', () => done(s ? JSON.parse(s) : {})); });

async function auth(req, res, path) {
  if (path === 'session') return signedIn ? answer(res, 200, session()) : answer(res, 401, { ok: false, ...ways });
  const body = await read(req);
  if (path === 'login') return body.password === 'demo' ? answer(res, 200, { next: 'totp', ticket: 'x' }) : answer(res, 401, { ok: false, error: { kind: 'unauthorized', what: 'Wrong name or password.', mend: '4 tries left, then 15 min locked.' } });
  if (path === 'totp' && body.code !== '000000') return answer(res, 401, { ok: false, error: { kind: 'unauthorized', what: 'Wrong code.' } });
  if (path === 'logout') { signedIn = false; streams.forEach((s) => s.end()); return answer(res, 200, { ok: true }); }
  signedIn = true;
  return answer(res, 200, session());
}
// What a test of the screens may do to the world: POST /mock/hub, /mock/thread, /mock/new.
async function mock(req, res, path) {
  const body = await read(req);
  if (path === 'hub') { Object.assign(hub, body); say('hub', hub); }
  if (path === 'thread') { Object.assign(rows.find((r) => r.thread === body.thread), body, { order: ++order }); say('thread', { thread: body.thread, order }); }
  if (path === 'new') { rows.unshift({ ...rows[0], ...body, order: ++order }); say('thread', { thread: body.thread, order }); }
  answer(res, 200, { ok: true });
}
createServer(async (req, res) => {
  const url = new URL(req.url ?? '/', 'http://x'), path = url.pathname;
  try {
    if (path.startsWith('/mock/')) return await mock(req, res, path.slice(6));
    if (path.startsWith('/auth/')) return await auth(req, res, path.slice(6));
    if (path === '/api/v1/events') {
      if (!signedIn) return answer(res, 401, { ok: false });
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      streams.add(res);
      req.on('close', () => streams.delete(res));
      return res.write(`event: hello\nid: ${order}\ndata: ${JSON.stringify({ now: now(), order, hub })}\n\n`);
    }
    if (path.startsWith('/api/v1/')) {
      if (!signedIn) return answer(res, 401, { ok: false, error: { kind: 'unauthorized', what: 'no session' } });
      const op = ops[path.slice(8)];
      if (!op) return answer(res, 404, { ok: false, error: { kind: 'unsupported', what: `no ${path.slice(8)} here` } });
      return answer(res, 200, { ok: true, ...op(await read(req)) });
    }
    const file = normalize(path.replace(/^\/inbox\//, '/')).replace(/^\/+/, '');
    let bytes, type;
    try { bytes = await readFile(join(dist, file || 'index.html')); type = types[extname(file || 'index.html')]; } catch { bytes = await readFile(join(dist, 'index.html')); type = types['.html']; }
    res.writeHead(200, { 'Content-Type': type ?? 'application/octet-stream', 'Content-Security-Policy': csp });
    return res.end(bytes);
  } catch (e) {
    return answer(res, e.status ?? 500, { ok: false, error: { kind: e.kind ?? 'internal', what: e.what ?? String(e) } });
  }
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/inbox/`));
