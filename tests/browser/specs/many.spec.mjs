// Five hundred referrals at one desk: what is drawn stays small, a keyboard gets to the end, and the time it takes is printed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { County, launch, nothingWrong, openDesk, referral, signIn } from '../rig.mjs';
import * as ui from '../screens.mjs';

const many = 500;
let county, browser;
before(async () => {
  browser = await launch();
  county = await County.open();
  await county.ask({ do: 'send_many', who: 'apd', to: 'stb', count: many, body: referral() });
});
after(async () => { await browser?.close(); await county?.close(); });

test('a long list is a window of rows, and every one of them can be reached by keyboard', async (t) => {
  const page = await openDesk(browser, county, 'stb');
  await signIn(page, county, 'n.reyes');
  const began = Date.now();
  await ui.rows(page).first().waitFor();
  t.diagnostic(`${many} items: first row after ${Date.now() - began} ms from sign-in`);
  const drawn = await ui.rows(page).count();
  assert.ok(drawn < 100, `${drawn} rows are drawn`);
  assert.ok(await page.evaluate(() => document.querySelectorAll('*').length) < 4000, 'elements on the page');

  await page.evaluate(() => {
    window.seen = [];
    document.addEventListener('focusin', (e) => { if (e.target.dataset.thread) window.seen.push(e.target.dataset.thread); });
  });
  for (let i = 1; i <= many; i++) { // as fast as a held key
    await page.keyboard.press('j');
    if (i % 20 === 0) await page.waitForFunction((n) => window.seen.length >= n, i);
  }
  assert.equal(new Set(await page.evaluate(() => window.seen)).size, many, 'each row has had the focus');
  assert.ok(await ui.rows(page).count() < 100, 'still a window');
  await page.keyboard.press('Enter');
  await page.waitForURL((u) => u.pathname.includes('/t/'));
  nothingWrong(page);
  await page.context().close();
});
