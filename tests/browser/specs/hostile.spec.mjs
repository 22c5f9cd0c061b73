// A referral whose every field is an attack, and attachments that would run if a browser let them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { County, launch, nothingWrong, referral, sitDown } from '../rig.mjs';
import { call, enter } from '../wire.mjs';
import * as ui from '../screens.mjs';

const img = '<img src=x onerror="window.hit=1;alert(1)">';
const script = '</script><script>window.hit=1</script>';
const link = 'javascript:window.hit=1//';
const rtl = '\u202eevil\u202c\u2066abc\u2069';
const attacks = [img, script, link, rtl, '{{constructor.constructor("window.hit=1")()}}', '<svg/onload=window.hit=1>', "';window.hit=1;//"];
const all = (mark) => `${mark} ${attacks.join(' ')}`;

const bytes = (text) => Buffer.from(text).toString('base64');
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const pdf = bytes('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const page = '<!doctype html><script>parent.hit=1;window.hit=1;fetch("/auth/logout",{method:"POST"})</script><p>page</p>';
const files = [
  { title: 'picture.png', media_type: 'image/png', data: png },
  { title: 'form.pdf', media_type: 'application/pdf', data: pdf },
  { title: 'page.html', media_type: 'text/html', data: bytes(page) },
  { title: 'drawing.svg', media_type: 'image/svg+xml', data: bytes('<svg xmlns="http://www.w3.org/2000/svg"><script>window.hit=1</script></svg>') },
  { title: 'lies.png', media_type: 'image/png', data: bytes(page) },
  { title: all('name.pdf').slice(0, 200), media_type: all('text/html').slice(0, 100), data: bytes('just text') },
];

let county, browser, thread;
before(async () => {
  browser = await launch();
  county = await County.open();
  const body = referral({
    subject: { name: { family: all('Family'), given: all('Given') }, dob: '1992-02-14', sex: all('sex'), gender: all('gender'), language: all('es'), interpreter: true, phone: link, descriptor: all('descriptor'), contacts: [{ name: { family: all('Kin') }, role: all('sister'), phone: link }], address: { line: all('Street'), city: all('City') } },
    reasons: [{ code: 'x-' + img, text: all('Reason') }], service: { code: 'CRISIS_EVAL', text: all('Service') },
    requester: { name: { family: all('Officer') }, role: all('role'), phone: link }, location_now: all('Place'), incident_ref: all('Ref'),
    risk: { self: 'yes', others: 'yes', weapons: 'yes', weapons_secured: 'no', means: all('Knife') }, notes: [all('Note'), all('Second')],
    restraint: all('restraint'), dependents: all('dependents'), housing: all('housing'), payer: all('payer'),
    allergies: [{ code: 'x', text: all('Allergy') }], medications: [{ code: 'x', text: all('Medication') }], attachments: files,
  });
  body.custom = { 'x-note': all('Custom') };
  thread = (await county.send('apd', 'stb', body)).thread;
  await county.until('the referral', 'stb', ['inbox', 'list'], (r) => r.threads?.some((t) => t.thread === thread));
  await county.send('apd', undefined, { kind: 'SecureMessage', secure_message: { text: all('Message'), author_role: all('officer'), author_name: all('Author') } }, { thread });
});
after(async () => { await browser?.close(); await county?.close(); });

const harmless = async (desk) => {
  assert.equal(await desk.evaluate(() => window.hit), undefined, 'nothing ran');
  assert.equal(await desk.locator('img[src="x"], main script, main svg[onload]').count(), 0, 'no markup came of it');
  const links = await desk.evaluate(() => [...document.querySelectorAll('[href], [src], [action]')].map((e) => e.getAttribute('href') ?? e.getAttribute('src') ?? e.getAttribute('action')));
  assert.deepEqual(links.filter((l) => /^\s*(javascript|data|vbscript):/i.test(l ?? '')), [], 'no address that runs');
  nothingWrong(desk);
};

test('a hostile referral is text, on every tab and sheet of it', async () => {
  const desk = await sitDown(browser, county, 'm.okafor');
  await ui.row(desk, thread).waitFor();
  await harmless(desk);
  await ui.openThread(desk, thread);
  await desk.getByText('Reason', { exact: false }).first().waitFor();
  assert.match(await desk.locator('main').innerText(), /<img src=x onerror=/, 'it is shown as it was written');
  await harmless(desk);
  for (const tab of ui.tabs) {
    await desk.goto(ui.threadPath(thread) + tab);
    await desk.locator('#main').waitFor();
    await ui.settled(desk);
    await harmless(desk);
  }
  await desk.goto(ui.threadPath(thread));
  await ui.acceptButton(desk).click();
  await ui.sheet(desk).waitFor();
  await harmless(desk);
  await desk.context().close();
});

test('marks that turn writing around stay inside their own field', async () => {
  const desk = await sitDown(browser, county, 'm.okafor');
  await ui.openThread(desk, thread);
  const loose = await desk.evaluate(() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [];
    while (walk.nextNode()) {
      if (!/[\u202a-\u202e\u2066-\u2069]/.test(walk.currentNode.data)) continue;
      let e = walk.currentNode.parentElement, held = false;
      for (; e && e !== document.body; e = e.parentElement) {
        const s = getComputedStyle(e);
        if (e.tagName === 'BDI' || /isolate|plaintext/.test(s.unicodeBidi) || !/^inline$/.test(s.display)) { held = true; break; }
      }
      if (!held) out.push(walk.currentNode.data);
    }
    return out;
  });
  assert.deepEqual(loose, []);
  await desk.context().close();
});

test('pictures and PDFs may be shown; whatever could run is only ever a download', async () => {
  const nurse = await enter(county, 'n.reyes');
  const shown = await call(county.desks.stb, 'POST', '/api/v1/inbox.show', { body: { thread }, as: nurse });
  const opening = shown.json.events.find((e) => e.kind === 'Referral');
  const get = (number, as = nurse) => call(county.desks.stb, 'GET', `/api/v1/file/${opening.message}/${number}`, { as });
  for (const [number, type, inline] of [[1, 'image/png', true], [2, 'application/pdf', true], [3, null, false], [4, null, false], [5, null, false], [6, 'text/plain', true]]) {
    const answer = await get(number);
    assert.equal(answer.status, 200, `file ${number}`);
    assert.match(answer.headers['content-security-policy'], /sandbox/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    if (type) assert.equal(answer.headers['content-type'].split(';')[0], type);
    assert.doesNotMatch(answer.headers['content-type'], inline ? /html|svg|xml|script/ : /html|svg|xml|script|image/, `file ${number}`);
    assert.match(answer.headers['content-disposition'], inline ? /^(inline|attachment)/ : /^attachment/, `file ${number}`);
    assert.doesNotMatch(answer.headers['content-disposition'], /[\r\n]/);
  }
  assert.equal((await get(1, {})).status, 401, 'not without a session');
  const other = await enter(county, 'd.moss');
  assert.equal((await get(1, other)).status, 404, 'not for who may not see the thread');
});

test('what is safe to look at is shown in the app, as what it is; the rest is a download', async () => {
  const desk = await sitDown(browser, county, 'm.okafor');
  await desk.goto(ui.threadPath(thread) + '/files');
  const line = (name) => desk.locator('li.file', { hasText: name });
  const look = async (name) => { await line(name).getByRole('button', { name: /view|look/i }).click(); await ui.sheet(desk).waitFor(); };
  await look('picture.png');
  await desk.waitForFunction(() => document.querySelector('dialog[open] img.view')?.naturalWidth === 1);
  await harmless(desk);
  await desk.keyboard.press('Escape');
  await look('form.pdf');
  await ui.sheet(desk).locator('iframe').waitFor();
  assert.match(await ui.sheet(desk).locator('iframe').getAttribute('src'), /^blob:/);
  await desk.keyboard.press('Escape');
  for (const name of ['page.html', 'drawing.svg']) {
    assert.equal(await line(name).getByRole('button').count(), 0);
    assert.notEqual(await line(name).getByRole('link').getAttribute('download'), null);
  }
  await desk.context().close();
});

test('a hostile file opened in its own tab does not run', async () => {
  const desk = await sitDown(browser, county, 'm.okafor');
  const opening = (await county.handoff('stb', 'inbox', 'show', thread)).events.find((e) => e.kind === 'Referral');
  for (const number of [3, 4, 5]) {
    const tab = await desk.context().newPage();
    const came = tab.waitForEvent('download');
    await tab.goto(`/api/v1/file/${opening.message}/${number}`).catch((e) => assert.match(e.message, /Download is starting|ERR_ABORTED/));
    await (await came).cancel();
    assert.equal(await tab.evaluate(() => window.hit), undefined);
    await tab.close();
  }
  await desk.reload();
  await ui.row(desk, thread).waitFor();
  await desk.context().close();
});

test('the server names no other origin and no inline script in its policy', async () => {
  const answer = await call(county.desks.stb, 'GET', '/inbox/');
  const policy = answer.headers['content-security-policy'];
  assert.match(policy, /default-src 'none'|default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|https?:|\*/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.match(policy, /base-uri 'none'/);
  assert.match(policy, /form-action '(self|none)'/);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.match(answer.headers['referrer-policy'], /no-referrer/);
});
