// Everybody can use it: every screen in both themes, on desk, phone and the narrowest phone, by axe's rules; without a mouse; at twice the size;
// without motion; and without seeing colours.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe } from '../axe.mjs';
import { County, desktop, launch, narrow, nothingWrong, openDesk, phone, referral, sitDown } from '../rig.mjs';
import * as ui from '../screens.mjs';

let county, browser, thread, accepted;
before(async () => {
  browser = await launch();
  county = await County.open();
  thread = (await county.send('apd', 'stb', referral())).thread;
  accepted = (await county.send('apd', 'stb', referral({ incident_ref: '26-500001' }))).thread;
  await county.send('stb', 'harbor', { kind: 'Referral', referral: { ...referral().referral, requester_agency: 'stb', authority_basis: 'treatment', hold: undefined, incident_ref: 'STB-1' } });
  await county.until('the referral', 'stb', ['inbox', 'list'], (r) => r.threads?.length >= 3);
  await county.handoff('stb', 'inbox', 'accept', accepted, '--name', 'M. Okafor', '--role', 'clinician', '--callback', '+1-555-0163', '--place', 'Bay 4');
  await county.handoff('harbor', 'capacity', 'set', '--service', 'CSU_BED', '--state', 'has', '--count', '1', '--minutes', '60');
});
after(async () => { await browser?.close(); await county?.close(); });

const screensOf = {
  'm.okafor': () => [...ui.screens, ...ui.tabs.map((tab) => `t/${thread}${tab}`), `t/${accepted}`, `t/${accepted}/handoff`],
  'p.lund': () => ['reports'],
  'b.ames': () => ['board', 'loops', '', 'reports/quarterly'],
};
const sheets = [ui.openAccept, ui.openDecline, ui.openDeclineCode, ui.openMore, ui.openBreakGlass];
// Every screen of everybody at one size in one theme, given to `judge`, which says what is wrong with it.
async function everywhere(options, judge) {
  const wrong = [];
  const locked = await openDesk(browser, county, 'stb', options);
  await locked.goto('/inbox/');
  await locked.locator('input[type="password"]').waitFor();
  wrong.push(...await judge(locked, 'unlock'));
  await locked.context().close();
  for (const [login, list] of Object.entries(screensOf)) {
    const page = await sitDown(browser, county, login, options);
    for (const path of list()) {
      await ui.visit(page, path);
      wrong.push(...await judge(page, path));
    }
    if (login === 'm.okafor') {
      for (const open of sheets) {
        await ui.visit(page, `t/${thread}`);
        await open(page);
        wrong.push(...await judge(page, open.name));
        await page.keyboard.press('Escape');
        await ui.sheet(page).waitFor({ state: 'detached' });
      }
    }
    nothingWrong(page);
    await page.context().close();
  }
  return wrong;
}
for (const [name, size] of Object.entries({ desktop, phone })) {
  test(`axe finds nothing in light and in dark: ${name}`, async () => {
    assert.deepEqual(await everywhere({ size }, async (page, path) => {
      const found = [];
      for (const colorScheme of ['dark', 'light']) {
        await page.emulateMedia({ colorScheme });
        await ui.settled(page);
        found.push(...await axe(page, `${path}, ${colorScheme}`));
      }
      return found;
    }), []);
  });
}
// Zoom by two is half the room at twice the density.
for (const [name, options] of Object.entries({ 'a phone': { size: phone }, '320 px': { size: narrow }, 'twice the size': { size: { width: 640, height: 400 }, deviceScaleFactor: 2 } })) {
  test(`nothing is wider than the screen: ${name}`, async () => {
    assert.deepEqual(await everywhere(options, async (page, path) => (await ui.tooWide(page)).map((what) => `${path}: ${what}`)), []);
  });
}

test('whatever can be pressed on a phone is large enough for a thumb', async () => {
  const page = await sitDown(browser, county, 'm.okafor', { size: phone });
  const small = [];
  for (const path of screensOf['m.okafor']()) {
    await ui.visit(page, path);
    small.push(...await page.evaluate((where) => [...document.querySelectorAll('button, a[href], select, input:not(.vh)')].filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()])
      .filter(([e, r]) => (r.height < 43.5 || r.width < 43.5) && getComputedStyle(e).display !== 'inline').map(([e, r]) => `${where}: ${e.outerHTML.slice(0, 80)} ${Math.round(r.width)}x${Math.round(r.height)}`), path));
  }
  assert.deepEqual(small, []);
  await page.context().close();
});

test('accept without a mouse, and the focus comes back to where it was', async () => {
  const own = (await county.send('apd', 'stb', referral({ incident_ref: '26-500002' }))).thread;
  const page = await sitDown(browser, county, 'm.okafor', { hurry: true });
  await ui.row(page, own).waitFor();
  await ui.tabToThread(page, own);
  await page.keyboard.press('Enter');
  await ui.acceptButton(page).waitFor();
  await page.keyboard.press('a');
  await ui.sheet(page).waitFor();
  await ui.focusStaysIn(page, ui.sheet(page));
  await page.keyboard.press('Escape');
  await ui.sheet(page).waitFor({ state: 'detached' });
  assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'BODY', 'the focus is not lost');
  await page.keyboard.press('a');
  await ui.sheet(page).waitFor();
  await page.keyboard.press('Control+Enter');
  await ui.undoRunsOut(page);
  await county.until('the acceptance', 'apd', ['inbox', 'show', own], (s) => s.phase === 'accepted');
  await page.context().close();
});

test('decline without a mouse', async () => {
  const own = (await county.send('apd', 'stb', referral({ incident_ref: '26-500003' }))).thread;
  const page = await sitDown(browser, county, 'm.okafor', { hurry: true });
  await ui.row(page, own).waitFor();
  await page.goto('/inbox/t/' + own);
  await ui.declineButton(page).waitFor();
  await page.keyboard.press('d');
  await ui.sheet(page).waitFor();
  await page.keyboard.press('1');
  await ui.tabToWords(page, /no bed/i);
  await page.keyboard.press('Space');
  await page.keyboard.press('Control+Enter');
  await ui.undoRunsOut(page);
  await county.until('the decline', 'apd', ['inbox', 'show', own], (s) => s.phase === 'rejected');
  await page.context().close();
});

test('a handoff without a mouse: the key is held', async () => {
  const own = (await county.send('apd', 'stb', referral({ incident_ref: '26-500004' }))).thread;
  await county.until('it is there', 'stb', ['inbox', 'list'], (r) => r.threads?.some((t) => t.thread === own));
  await county.handoff('stb', 'inbox', 'accept', own, '--name', 'M. Okafor', '--role', 'clinician', '--callback', '+1-555-0163');
  await county.handoff('apd', 'handoff', 'offer', own, '--name', 'R. Vance', '--role', 'officer', '--condition', 'calm', '--basis', 'hold');
  await county.until('the offer', 'stb', ['inbox', 'show', own], (s) => s.events.some((e) => e.kind === 'HandoffReport'));
  const page = await sitDown(browser, county, 'm.okafor', { hurry: true });
  await page.goto(`/inbox/t/${own}/handoff`);
  await ui.fillTake(page);
  await ui.holdButton(page).focus();
  await page.keyboard.down('Space');
  await page.clock.runFor(2300);
  await page.keyboard.up('Space');
  await county.until('the take', 'apd', ['inbox', 'show', own], (s) => s.responsible === 'stb');
  await page.context().close();
});

test('capacity without a mouse', async () => {
  const page = await sitDown(browser, county, 'm.okafor');
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.waitForURL(/\/capacity$/);
  await ui.setCapacityByKeyboard(page);
  await county.until('the bed at the police', 'apd', ['capacity', 'list'], (r) => r.capacity?.some((c) => c.agency === 'stb' && c.state === 'none'));
  await page.context().close();
});

test('who asks for less motion gets none', async () => {
  const page = await sitDown(browser, county, 'm.okafor', { motion: 'reduce' });
  await page.goto('/inbox/t/' + thread);
  await ui.openAccept(page);
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e); return [...s.transitionDuration.split(','), ...s.animationDuration.split(',')].some((d) => parseFloat(d) > 0.011); }).map((e) => e.className));
  assert.deepEqual(moving, []);
  await page.context().close();
});

test('colour is never alone: urgency, lateness and the four steps are words as well', async () => {
  const page = await sitDown(browser, county, 'm.okafor');
  const words = await ui.row(page, thread).innerText();
  assert.match(words, /emergent/i);
  assert.match(words, /\d+ min/i);
  assert.match(await ui.row(page, thread).textContent(), /Not yet: /);
  await page.context().close();
});
