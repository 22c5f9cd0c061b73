// Sessions: what somebody may do who has a cookie too old, a page elsewhere, a password list, or the wrong role.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { County, launch, nothingWrong, openDesk, referral, signIn, sitDown } from '../rig.mjs';
import { call, cookieOf, enter } from '../wire.mjs';
import * as ui from '../screens.mjs';

let county, browser, thread;
before(async () => {
  browser = await launch();
  county = await County.open();
  thread = (await county.send('apd', 'stb', referral())).thread;
  await county.until('the referral at the hospital', 'stb', ['inbox', 'list'], (r) => r.threads?.some((t) => t.thread === thread));
});
after(async () => { await browser?.close(); await county?.close(); });

const show = (as, more = {}) => call(county.desks.stb, 'POST', '/api/v1/inbox.show', { body: { thread }, as, ...more });

test('a cookie serves until its owner has left, and not a moment longer', async () => {
  const nurse = await enter(county, 'n.reyes');
  assert.equal((await show(nurse)).status, 200);
  assert.equal((await call(county.desks.stb, 'POST', '/auth/logout', { as: nurse, body: {} })).status, 200);
  const stolen = await show(nurse);
  assert.equal(stolen.status, 401);
  assert.doesNotMatch(stolen.text, /Quillfeather/);
  assert.equal((await call(county.desks.stb, 'GET', '/auth/session', { as: nurse })).status, 401);
  assert.equal((await call(county.desks.stb, 'GET', '/api/v1/events', { as: nurse })).status, 401);
});

test('what changes something needs the session\'s own word, and comes from no other page', async () => {
  const nurse = await enter(county, 'n.reyes');
  const accept = { body: { thread, action: 'accept', expected_at: '2030-01-01T00:00:00Z', place: 'Bay 4' } };
  for (const [why, as, headers] of [
    ['no word', { cookie: nurse.cookie }, {}],
    ['a wrong word', { cookie: nurse.cookie, csrf: 'A'.repeat(nurse.csrf.length) }, {}],
    ['another page', nurse, { Origin: 'http://evil.example' }],
    ['another desk', nurse, { Origin: county.desks.apd }],
    ['a page of no origin', nurse, { Origin: 'null' }],
  ]) {
    const answer = await call(county.desks.stb, 'POST', '/api/v1/inbox.act', { ...accept, as, headers });
    assert.equal(answer.status, 403, `${why}: ${answer.status} ${answer.text}`);
  }
  assert.notEqual((await county.handoff('stb', 'inbox', 'show', thread)).phase, 'accepted');
});

test('the cookie is out of reach of scripts and of other sites', async () => {
  const answer = await call(county.desks.stb, 'POST', '/auth/login', { body: { login: 'n.reyes', password: county.people['n.reyes'].password } });
  const cookie = [answer.headers['set-cookie']].flat().join('\n');
  assert.match(cookie, /HttpOnly/i);
  assert.match(cookie, /SameSite=Strict/i);
  assert.match(cookie, /Path=\//i);
  assert.notEqual(cookieOf(answer), '');
  assert.doesNotMatch(answer.text, new RegExp(cookieOf(answer)), 'the cookie is nowhere but in the cookie');
});

test('a page of another site cannot be the inbox\'s frame, and its form changes nothing', async () => {
  const page = await sitDown(browser, county, 'n.reyes');
  const { createServer } = await import('node:http');
  const evil = createServer((_, answer) => answer.end(`<!doctype html><title>evil</title><iframe src="${county.desks.stb}/inbox/"></iframe>
    <form method="post" action="${county.desks.stb}/auth/logout" enctype="text/plain"><input name="x" value="y"></form>`));
  await new Promise((done) => evil.listen(0, '127.0.0.1', done));
  try {
    const tab = await page.context().newPage();
    await tab.goto(`http://127.0.0.1:${evil.address().port}/`);
    await tab.waitForLoadState('load');
    assert.equal(await tab.frames().at(1)?.locator('main, input').count(), 0, 'the inbox is not drawn inside another page');
    await Promise.all([tab.waitForNavigation(), tab.evaluate(() => document.forms[0].submit())]);
  } finally { evil.close(); evil.closeAllConnections(); }
  await page.reload();
  await page.locator('#main').waitFor();
  assert.equal(await page.locator('input[type="password"]').count(), 0, 'still signed in');
  await page.context().close();
});

test('who may not see a thread is told that there is none, whichever way they ask', async () => {
  for (const login of ['i.tran', 'd.moss']) {
    const who = await enter(county, login);
    const answer = await show(who);
    assert.ok([403, 404].includes(answer.status), `${login}: ${answer.status}`);
    assert.doesNotMatch(answer.text, /Quillfeather/);
    const listed = await call(county.desks.stb, 'POST', '/api/v1/inbox.list', { body: {}, as: who });
    assert.doesNotMatch(listed.text, new RegExp(thread), `${login}: it is not in the list`);
  }
  assert.equal((await show(await enter(county, 'd.moss'))).status, 404, 'the detox desk is not told that it exists');
  const page = await sitDown(browser, county, 'd.moss');
  await page.goto(ui.threadPath(thread));
  await page.locator('#main').waitFor();
  await ui.settled(page);
  assert.doesNotMatch(await ui.everything(page), /Quillfeather|Mill Street/);
  await page.context().close();
});

test('passwords cannot be tried for ever, and a wrong name sounds like a wrong password', async () => {
  const wrong = (login) => call(county.desks.harbor, 'POST', '/auth/login', { body: { login, password: 'wrong-wrong-wrong' } });
  const nobody = await wrong('x.nobody');
  const first = await wrong('k.soto');
  assert.equal(first.status, 401);
  assert.equal(nobody.status, 401);
  assert.deepEqual(nobody.json, first.json, 'the same words');
  let answer = first, tries = 1;
  while (answer.status === 401 && tries < 20) { answer = await wrong('k.soto'); tries += 1; }
  assert.equal(answer.status, 429);
  assert.ok(Number(answer.headers['retry-after']) > 0);
  const right = { body: { login: 'k.soto', password: county.people['k.soto'].password } };
  assert.equal((await call(county.desks.harbor, 'POST', '/auth/login', right)).status, 429, 'not even the right one, now');
  await county.restart('harbor');
  assert.equal((await call(county.desks.harbor, 'POST', '/auth/login', right)).status, 429, 'a restart does not forget it');
  await county.clock(16 * 60);
  assert.equal((await call(county.desks.harbor, 'POST', '/auth/login', right)).status, 200);
});

test('nobody asks for anything: the session ends, and the screen holds nothing any more', async () => {
  const page = await sitDown(browser, county, 's.holt');
  // By address and without a click: what drives the browser remembers what it clicked, and the search below would find that.
  await page.goto(ui.threadPath(thread));
  await page.waitForFunction(() => document.querySelector('main h1, main h2')?.textContent.includes('J. Quillfeather'));
  assert.equal(await ui.heapHolds(page, 'Mill Street Station'), true, 'the search finds what is there');
  const idle = (await enter(county, 'n.reyes')).session.idle_s;
  await county.clock(idle + 60);
  await page.locator('input[type="password"]').waitFor();
  await ui.settled(page);
  assert.doesNotMatch(await ui.everything(page), /Quillfeather|Mill Street|named a plan/);
  assert.doesNotMatch(await ui.kept(page), /Quillfeather|Mill Street|named a plan/);
  await page.goBack().catch(() => undefined);
  await page.locator('input[type="password"]').waitFor();
  assert.doesNotMatch(await ui.everything(page), /Quillfeather|Mill Street/);
  assert.equal(await ui.heapHolds(page, 'Mill Street Station'), false, 'no script can reach it');
  nothingWrong(page);
  await page.context().close();
});

test('Lock is the same by hand, and the next person at this desk sees nothing of the last', async () => {
  const page = await sitDown(browser, county, 'm.okafor');
  await ui.openThread(page, thread);
  await page.getByText('J. Quillfeather').first().waitFor();
  await ui.lock(page);
  await page.locator('input[type="password"]').waitFor();
  assert.doesNotMatch(await ui.everything(page), /Quillfeather/);
  await page.goto(ui.threadPath(thread));
  await page.locator('input[type="password"]').waitFor();
  assert.doesNotMatch(await ui.everything(page), /Quillfeather/);
  await page.context().close();
});

// RFC 6238, six digits of thirty seconds, as a phone's app does it.
function code(secret, at) {
  const bits = [...secret.replace(/=+$/, '').toUpperCase()].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8); step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('a second factor by an app: asked for, checked, and no code serves twice', async () => {
  const desk = county.desks.apd;
  const officer = await enter(county, 'r.vance');
  const now = async () => Date.parse((await call(desk, 'GET', '/auth/session', { as: officer })).json.now);
  const made = await call(desk, 'POST', '/auth/totp/new', { as: officer, body: {} });
  assert.equal(made.status, 200);
  assert.match(made.json.uri, /^otpauth:\/\/totp\//);
  assert.equal((await call(desk, 'POST', '/auth/totp/confirm', { as: officer, body: { code: '000000' } })).status, 403);
  assert.equal((await call(desk, 'POST', '/auth/totp/confirm', { as: officer, body: { code: code(made.json.secret, await now()) } })).status, 200);

  await county.clock(60);
  const page = await openDesk(browser, county, 'apd');
  await signIn(page, county, 'r.vance');
  const field = page.locator('input[autocomplete="one-time-code"]');
  await field.fill(code(made.json.secret, await now() + 0));
  await page.keyboard.press('Enter');
  await page.locator('#main').waitFor();
  nothingWrong(page);
  await page.context().close();

  const ticket = (await call(desk, 'POST', '/auth/login', { body: { login: 'r.vance', password: county.people['r.vance'].password } })).json;
  assert.equal(ticket.next, 'totp');
  const again = await call(desk, 'POST', '/auth/totp', { body: { ticket: ticket.ticket, code: code(made.json.secret, await now()) } });
  assert.equal(again.status, 401, 'the code of this half minute has been used');
});

test('a passkey: added once, for this site, then it is all that is needed', async () => {
  const page = await sitDown(browser, county, 'm.okafor');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await ui.addPasskey(page);
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].rpId, new URL(county.desks.stb).hostname);
  await ui.lock(page);
  await ui.unlockByPasskey(page);
  await page.locator('#main').waitFor();
  assert.equal(await page.locator('input[type="password"]').count(), 0);
  nothingWrong(page);
  await page.context().close();
});

test('no word of a person is in what the agents write beside their store', async () => {
  for (const path of [['stb.log'], ['apd.log'], ['harbor.log'], ['hub.log'], ['stb'], ['apd'], ['hub']]) {
    assert.equal((await county.ask({ do: 'files_hold', path, text: 'Quillfeather' })).path, null);
  }
});
