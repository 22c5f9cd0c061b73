// Calls to an agency's HTTP server that no browser would make: what an attacker with a terminal can do. `*.localhost` is loopback to a browser
// but not to every resolver, so the address is given and the name is only said.
import { request } from 'node:http';

// { status, headers, text, json } of one call. `as`: { cookie, csrf } of a session.
export function call(desk, method, path, { body, as = {}, headers = {} } = {}) {
  const to = new URL(desk);
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((done, failed) => {
    const ask = request({
      host: '127.0.0.1', port: to.port, method, path,
      headers: {
        Host: to.host, ...(text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
        ...(as.cookie ? { Cookie: `handoff_session=${as.cookie}` } : {}), ...(as.csrf ? { 'X-Handoff-CSRF': as.csrf } : {}), ...headers,
      },
    }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const said = Buffer.concat(parts).toString();
        let json; try { json = JSON.parse(said); } catch { json = undefined; }
        done({ status: answer.statusCode, headers: answer.headers, text: said, json });
      });
    });
    ask.on('error', failed);
    ask.end(text);
  });
}

export function cookieOf(answer) { return /handoff_session=([^;]*)/.exec([answer.headers['set-cookie'] ?? []].flat().join('\n'))?.[1]; }

// A session over the bare wire: { cookie, csrf, session }.
export async function enter(county, login, password = county.people[login].password) {
  const answer = await call(county.desks[county.people[login].agency], 'POST', '/auth/login', { body: { login, password } });
  if (answer.status !== 200) throw new Error(`${login} may not sign in: ${answer.status} ${answer.text}`);
  return { cookie: cookieOf(answer), csrf: answer.json.csrf, session: answer.json };
}

// Follows redirects by hand, with the cookies of each host, until `enough` says so of an address; that one is not asked for.
export async function carry(from, enough) {
  const jars = {};
  for (let to = from, steps = 0; steps < 20; steps += 1) {
    if (enough(to)) return to;
    const at = new URL(to), jar = (jars[at.host] ??= {});
    const answer = await call(at.origin, 'GET', at.pathname + at.search, { headers: { Cookie: Object.entries(jar).map(([k, v]) => `${k}=${v}`).join('; ') } });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) { const [, name, value] = /^([^=]+)=([^;]*)/.exec(line); jar[name] = value; }
    if (!answer.headers.location) throw new Error(`${at.pathname}: ${answer.status} ${answer.text.slice(0, 200)}`);
    to = new URL(answer.headers.location, to).href;
  }
  throw new Error('redirected for ever');
}
