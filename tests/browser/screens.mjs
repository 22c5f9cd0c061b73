// What a person finds on the inbox's screens, by role and by word: the one place of the suite that knows them.
import assert from 'node:assert/strict';

export const threadPath = (thread) => `/inbox/t/${thread}`;
export const row = (page, thread) => page.locator(`a[href*="${thread}"]`).first();

export async function openThread(page, thread) {
  await row(page, thread).click();
  await page.getByRole('list', { name: /safety|seguridad/i }).first().waitFor();
}
// One that this agency asked for.
export async function openOurs(page, thread) { await page.getByRole('tab', { name: /^from us/i }).click(); await openThread(page, thread); }
export async function goTo(page, words) { await page.getByRole('navigation').getByRole('link', { name: words }).first().click(); }
export async function lock(page) { await page.getByRole('button', { name: /^lock/i }).first().click(); }

// Nothing is being fetched or drawn any more: no request under way but the event stream, and two frames have passed.
export async function settled(page) {
  await page.waitForLoadState('load');
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

// All that the document holds, shown or not: markup, attributes, values of fields.
export function everything(page) {
  return page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea, select')].map((f) => f.value).join('\n'));
}

// All that this origin keeps on the device, as bytes read as text: web storage, every record of every IndexedDB, every cached answer.
export function kept(page) {
  return page.evaluate(async () => {
    const out = [];
    const add = (value, deep = 0) => {
      if (value instanceof ArrayBuffer) out.push(new TextDecoder('latin1').decode(value), new TextDecoder('utf-16').decode(value));
      else if (ArrayBuffer.isView(value)) add(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
      else if (value && typeof value === 'object' && deep < 8) { for (const [k, v] of Object.entries(value)) { out.push(k); add(v, deep + 1); } }
      else out.push(String(value));
    };
    for (const store of [localStorage, sessionStorage]) add({ ...store });
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((done, failed) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); r.onerror = () => failed(r.error); });
      for (const table of db.objectStoreNames) {
        const get = (how) => new Promise((done, failed) => { const r = db.transaction(table).objectStore(table)[how](); r.onsuccess = () => done(r.result); r.onerror = () => failed(r.error); });
        add(await get('getAllKeys')); add(await get('getAll'));
      }
      db.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const asked of await cache.keys()) { out.push(asked.url); add(await (await cache.match(asked)).arrayBuffer()); }
    }
    return out.join('\n');
  });
}

// Is this text anywhere in what the page's scripts still hold? (A heap snapshot after a collection.)
export async function heapHolds(page, text) {
  await page.getByText(/^no such words$/).count(); // the last match of a regular expression keeps its text: now it is this one
  await page.evaluate(() => /x/.test('x'));
  const cdp = await page.context().newCDPSession(page);
  let parts = '';
  cdp.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => { parts += chunk; });
  await cdp.send('HeapProfiler.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await cdp.detach();
  assert.ok(parts.length > 10_000, 'a snapshot came');
  return parts.includes(text);
}

// Every screen of a clinician, and every tab of a thread, as in the app's own table (adapters/inbox/web/src/screens/index.ts).
export const screens = ['', 'handoffs', 'follow-up', 'capacity', 'on-call', 'match', 'new', 'downtime', 'settings', 'more'];
export const tabs = ['', '/timeline', '/messages', '/files', '/handoff'];
export const rows = (page) => page.locator('a.row[data-thread]');

// To another screen without loading the app again, as a link of its own does.
export async function visit(page, path) {
  await page.evaluate((to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }, '/inbox/' + path);
  await loaded(page);
}
// Drawn, and nothing of it says that it is still being asked for.
export async function loaded(page) {
  await page.locator('#main').waitFor();
  await page.waitForFunction(() => !/^\s*(Loading|Cargando)\s*$/m.test(document.body.innerText) && !document.querySelector('[aria-busy="true"]'));
  await settled(page);
}
export const says = (page, words) => page.locator('body').filter({ hasText: words }).waitFor();

// What makes the page wider than the screen: nothing should.
export function tooWide(page) {
  return page.evaluate(() => {
    const root = document.documentElement, wide = root.clientWidth;
    if (root.scrollWidth <= wide) return [];
    const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > wide + 0.5 && ![...e.children].some((c) => c.getBoundingClientRect().right > wide + 0.5));
    return [`${root.scrollWidth - wide} px too wide: ` + out.slice(0, 3).map((e) => e.outerHTML.slice(0, 160)).join(' | ')];
  });
}

// ---- Doing things --------------------------------------------------------------------------------------------------------------------

export const acceptButton = (page) => page.locator('.act').getByRole('button', { name: /^(accept|aceptar)/i });
export const declineButton = (page) => page.locator('.act').getByRole('button', { name: /^(decline|rechazar|declinar)/i });
export const sheet = (page) => page.locator('dialog[open]');
export const undoBar = (page) => page.locator('.undo').first();
export async function goHome(page) { await page.goto('/inbox/'); await loaded(page); }

// Accept in two taps: the button, and the sheet's own button. Everything in it is filled already, also the number to call back.
export async function openAccept(page) {
  await acceptButton(page).click();
  await sheet(page).waitFor();
}
export async function accept(page) {
  await openAccept(page);
  await page.waitForFunction(() => document.querySelector('dialog[open] input[type="tel"]').value !== '');
  await sheet(page).getByRole('button', { name: /^(accept|aceptar)/i }).click();
}
export async function openDecline(page) { await declineButton(page).click(); await sheet(page).waitFor(); }
export async function openDeclineCode(page) { await openDecline(page); await sheet(page).getByRole('button', { name: /no room|no hay lugar/i }).click(); await sheet(page).getByText(/no bed|cama/i).first().waitFor(); }
export async function openMore(page) { await page.getByRole('button', { name: /more actions|más acciones/i }).click(); await sheet(page).waitFor(); }
export async function openBreakGlass(page) { await openMore(page); await sheet(page).getByRole('button', { name: /break the glass|abrir por emergencia/i }).click(); await sheet(page).locator('button.hold').waitFor(); }
export async function decline(page, { group, reason }) {
  await openDecline(page);
  await sheet(page).getByRole('button', { name: group }).click();
  await sheet(page).getByText(reason).first().click();
  await sheet(page).getByRole('button', { name: /^decline/i }).click();
}
// The ten seconds pass on this device (its clock is a test's: openDesk's `hurry`).
export async function undoRunsOut(page) {
  await undoBar(page).waitFor();
  await page.clock.runFor(11_000);
  await page.locator('.undo').waitFor({ state: 'detached' });
}

// The four marks of the open referral: these are there, those are not (yet).
export async function marks(page, { on = [], off = [] }) {
  const step = (word, state) => page.locator(`.steps-big li.${state}`).filter({ hasText: new RegExp(`^\\s*${word}`) });
  for (const word of on) await step(word, 'on').waitFor();
  for (const word of off) assert.equal(await step(word, 'on').count(), 0, `${word} is said before it is true`);
}
// On the timeline: the entry that says this.
export const entry = (page, words) => page.locator('main li').filter({ hasText: words }).last();

export async function askNext(page, name) {
  await openMore(page);
  await sheet(page).getByRole('button', { name: /ask another agency/i }).click();
  await sheet(page).getByText(name).first().click();
  await sheet(page).locator('button[type="submit"]').click();
  await undoRunsOut(page);
}

export async function openTab(page, name) { await page.getByRole('navigation', { name: /parts of this referral/i }).getByRole('link', { name }).click(); }
export async function openMessages(page) { await openTab(page, /^messages/i); await page.locator('.compose').waitFor(); }
export async function write(page, text) {
  await openMessages(page);
  await page.locator('.compose textarea').fill(text);
  await page.locator('.compose button[type="submit"]').click();
  await undoRunsOut(page);
}
export async function draft(page, text) {
  await openMessages(page);
  await page.locator('.compose textarea').fill(text);
  await page.getByText(/draft kept on this device/i).waitFor();
}
export async function draftIs(page, text) {
  await openMessages(page);
  await page.waitForFunction((wanted) => document.querySelector('.compose textarea')?.value === wanted, text);
}

export async function offerHandoff(page) {
  await openTab(page, /^handoff/i);
  await page.getByLabel(/where you are/i).fill('Ambulance bay');
  await page.getByLabel(/how the person is now/i).fill('calm, walks alone');
  await page.locator('.act').getByRole('button', { name: /offer/i }).click();
  await undoRunsOut(page);
}
export const holdButton = (page) => page.locator('button.hold');
// Every check of the one who takes.
export async function fillTake(page) {
  await holdButton(page).waitFor();
  const checks = page.locator('main input[type="checkbox"]:not([name="tell"])');
  for (let i = 0; i < await checks.count(); i++) await checks.nth(i).check({ force: true });
  await page.waitForFunction(() => !document.querySelector('button.hold').disabled);
}
// The page's own clock must be the test's (`hurry`).
export async function holdFor(page, button, ms) {
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.clock.runFor(ms);
  await page.mouse.up();
}
export async function takeHandoff(page) {
  await openTab(page, /^handoff/i);
  await fillTake(page);
  return { press: (ms) => holdFor(page, holdButton(page), ms) };
}

export async function setCapacityByKeyboard(page) {
  await tabToWords(page, /publish another service/i);
  await page.keyboard.press('Enter');
  await sheet(page).waitFor();
  await tabToWords(page, /^choose a service/i);
  await page.keyboard.press('Enter');
  await page.waitForURL(/capacity\/new/);
  await tabToWords(page, /^full/i);
  await page.keyboard.press('Enter');
}

export async function addPasskey(page) {
  await page.goto('/inbox/settings');
  await page.getByRole('button', { name: /add a passkey|add a key/i }).first().click();
  await sheet(page).getByLabel(/name|label|call/i).fill('This computer');
  await sheet(page).locator('button[type="submit"]').click();
  await page.getByText('This computer').first().waitFor();
}
export async function unlockByPasskey(page) { await page.getByRole('button', { name: /unlock with this device/i }).click(); }

// Whoever was signed in here is known by name; somebody else says so first.
export async function signInAgain(page, county, login) {
  await page.locator('input[type="password"]').waitFor();
  const other = page.getByRole('button', { name: /switch person/i });
  if (await other.count() && await page.locator('input[autocomplete="username"]').inputValue() !== login) await other.click();
  const name = page.locator('input[autocomplete="username"]:not([readonly])');
  if (await name.count()) await name.fill(login);
  await page.locator('input[type="password"]').fill(county.people[login].password);
  await page.keyboard.press('Enter');
  await page.locator('#main').waitFor();
}

export async function phoneTree(page, numbers) {
  await page.getByRole('link', { name: /call instead/i }).first().click();
  for (const number of numbers) await page.locator(`main a[href="tel:${number.replace(/[^\d+]/g, '')}"]`).first().waitFor();
}
export async function workerReady(page) { await page.evaluate(() => navigator.serviceWorker.ready.then((r) => r.active.state)); await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated'); }
// This person is on call from now on.
export async function takeShift(page) {
  await page.goto('/inbox/on-call');
  const list = page.locator('li.rota', { has: page.getByRole('heading', { name: /^on call/i }) });
  await list.getByRole('button', { name: /take over/i }).click();
  await sheet(page).locator('button[type="submit"]').click();
  await list.getByText(/\(you\)/).waitFor();
}
export async function turnOnPush(page) { await page.goto('/inbox/on-call'); await page.getByRole('button', { name: /turn on for this device/i }).click(); }

// ---- By keyboard ---------------------------------------------------------------------------------------------------------------------

// Tab until that element has the focus; it must be reachable.
async function tabUntil(page, found, what) {
  for (let i = 0; i < 200; i++) {
    if (await page.evaluate(found.run, found.with)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the Tab key never reaches ${what}`);
}
export const tabToThread = (page, thread) => tabUntil(page, { run: (t) => document.activeElement?.dataset.thread === t, with: thread }, thread);
export const tabToWords = (page, words) => tabUntil(page, {
  run: ([source, flags]) => { const e = document.activeElement; return !!e && e !== document.body && new RegExp(source, flags).test(e.getAttribute('aria-label') ?? (e.closest('label') ?? e).innerText.trim()); }, with: [words.source, words.flags],
}, words);
export async function focusStaysIn(page, box) {
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press('Tab');
    assert.ok(await box.evaluate((b) => b.contains(document.activeElement) || document.activeElement === document.body), 'the focus left the sheet');
  }
}
