// On paper: what federal law wants to be read with a substance use record is printed with it, and what is only for the screen is not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { County, launch, nothingWrong, referral, sitDown } from '../rig.mjs';
import * as ui from '../screens.mjs';

let county, browser, thread;
before(async () => {
  browser = await launch();
  county = await County.open();
  await county.handoff('stb', 'consent', 'add', (await county.ask({ do: 'write', name: 'consent.json', value: {
    id: 'C-1', form_version: '1', discloser: 'stb', recipients: ['harbor'], scope: ['*', 'part2'], purposes: ['TREAT', 'CRISIS', 'COORD'], part2: true,
    granted_at: new Date(Date.now() - 60_000).toISOString().slice(0, 19) + 'Z', expires: '2031-01-01T00:00:00Z', method: 'written', signer: 'patient', text: 'They may tell each other.' } })).path);
  const own = referral().referral;
  thread = (await county.send('stb', 'harbor', { kind: 'Referral', referral: { ...own, requester_agency: 'stb', authority_basis: 'consent', consent_ref: 'C-1', hold: undefined, labels: ['part2'], service: { code: 'CSU_BED' }, incident_ref: 'STB-77' } })).thread;
  await county.until('the referral', 'harbor', ['inbox', 'list'], (r) => r.threads?.some((t) => t.thread === thread));
});
after(async () => { await browser?.close(); await county?.close(); });

test('the notice of 42 CFR Part 2 is on the screen and on paper, in full, above the content', async () => {
  const page = await sitDown(browser, county, 'k.soto');
  await page.goto(ui.threadPath(thread));
  await ui.loaded(page);
  const notice = page.getByText(/42 CFR part 2 prohibits|prohibited by|federal rules prohibit/i).first();
  await notice.waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.ok(await notice.isVisible(), 'on paper too');
  const order = await page.evaluate(() => document.body.innerText);
  assert.ok(order.search(/42 CFR/i) < order.indexOf('named a plan'), 'above the content');
  assert.equal(await page.locator('nav, .act, .tabs, .rail').filter({ visible: true }).count(), 0, 'no buttons on paper');
  assert.ok((await page.pdf()).length > 1000);
  nothingWrong(page);
  await page.context().close();
});
