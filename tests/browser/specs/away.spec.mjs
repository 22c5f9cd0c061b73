// When the hub, the agent or the network is away: what is said, what is never said, and what is kept on the device.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clean } from '../axe.mjs';
import { County, launch, nothingWrong, referral, sitDown } from '../rig.mjs';
import * as ui from '../screens.mjs';

let county, browser, thread;
before(async () => {
  browser = await launch();
  county = await County.open();
  thread = (await county.send('apd', 'stb', referral())).thread;
  await county.until('the referral', 'stb', ['inbox', 'list'], (r) => r.threads?.some((t) => t.thread === thread));
});
after(async () => { await browser?.close(); await county?.close(); });

test('the hub is away: a banner with the telephones and the age; an answer waits, and is called sent only when the hub has it', async () => {
  const nurse = await sitDown(browser, county, 'm.okafor', { hurry: true });
  await ui.openThread(nurse, thread);
  await county.stop('hub');
  const banner = nurse.getByRole('alert').filter({ hasText: /no contact with other agencies/i });
  await banner.waitFor();
  await clean(nurse);
  await ui.phoneTree(nurse, ['+1-555-0101', '+1-555-0142']);
  await nurse.goto(ui.threadPath(thread));
  await ui.accept(nurse);
  await ui.undoRunsOut(nurse);
  await ui.openTab(nurse, /^timeline/i);
  await ui.says(nurse, /waiting to send/i);
  await nurse.clock.runFor(60_000);
  assert.match(await ui.entry(nurse, /accepted/i).innerText(), /waiting to send/i);
  assert.doesNotMatch(await ui.entry(nurse, /accepted/i).innerText(), /\bsent\b|delivered/i, 'nobody is told that it left');
  await county.start('hub');
  await banner.waitFor({ state: 'detached' });
  await county.until('the acceptance at the police', 'apd', ['inbox', 'show', thread], (s) => s.phase === 'accepted');
  await nurse.waitForFunction(() => !/waiting to send/i.test(document.body.innerText));
  nothingWrong(nurse);
  await nurse.context().close();
});

test('after an absence the list of what came meanwhile', async () => {
  const nurse = await sitDown(browser, county, 'm.okafor', { hurry: true });
  await county.stop('hub');
  await nurse.getByRole('alert').filter({ hasText: /no contact with other agencies/i }).waitFor();
  const missed = (await county.send('apd', 'stb', referral({ subject: { name: { family: 'Xanthe', given: 'Ulla' }, age_band: '26-44' }, incident_ref: '26-300001' }))).thread;
  await county.start('hub');
  await ui.row(nurse, missed).waitFor();
  await nurse.getByRole('button', { name: /look/i }).click();
  await nurse.locator(`main .came a[data-thread="${missed}"]`).waitFor();
  await nurse.context().close();
});

test('the agent is restarted in the middle of a draft: the draft is there again, and on the disk it was cipher text', async () => {
  const canary = 'Zylofrenetic-canary';
  const nurse = await sitDown(browser, county, 'm.okafor');
  await ui.openThread(nurse, thread);
  await ui.draft(nurse, canary);
  const bytes = await ui.kept(nurse);
  assert.ok(bytes.length > 100);
  assert.doesNotMatch(bytes, new RegExp(`${canary}|Quillfeather|Mill Street`));
  await county.restart('stb');
  await ui.signInAgain(nurse, county, 'm.okafor');
  await nurse.goto(ui.threadPath(thread));
  await ui.draftIs(nurse, canary);
  // Another person at the same device does not get it.
  await ui.lock(nurse);
  await ui.signInAgain(nurse, county, 'n.reyes');
  await nurse.goto(ui.threadPath(thread));
  await ui.settled(nurse);
  assert.doesNotMatch(await ui.everything(nurse), new RegExp(canary));
  nothingWrong(nurse);
  await nurse.context().close();
});

test('a reload without the agent: the shell and the telephones, and nothing of any person', async () => {
  const nurse = await sitDown(browser, county, 'm.okafor');
  await ui.openThread(nurse, thread);
  await ui.workerReady(nurse);
  await county.stop('stb');
  await nurse.reload();
  await nurse.getByText('555-0101').first().waitFor();
  assert.doesNotMatch(await ui.everything(nurse), /Quillfeather|Mill Street|named a plan/);
  assert.doesNotMatch(await ui.kept(nurse), /Quillfeather|Mill Street|named a plan/);
  await county.start('stb');
  await nurse.getByRole('button', { name: /try again/i }).click();
  await nurse.locator('input[type="password"]').waitFor();
  await nurse.context().close();
});

test('the browser finds nothing that keeps it from being installed', async () => {
  const nurse = await sitDown(browser, county, 'm.okafor');
  await ui.workerReady(nurse);
  const cdp = await nurse.context().newCDPSession(nurse);
  const manifest = await cdp.send('Page.getAppManifest');
  assert.deepEqual(manifest.errors, []);
  const app = JSON.parse(manifest.data);
  assert.equal(app.display, 'standalone');
  assert.ok(app.icons.some((i) => i.sizes === '512x512'));
  assert.deepEqual((await cdp.send('Page.getInstallabilityErrors')).installabilityErrors.filter((e) => e.errorId !== 'in-incognito'), []);
  await nurse.context().close();
});

test('closed while it could still be undone: nothing has left, and it is there as a draft that asks', async () => {
  const own = (await county.send('apd', 'stb', referral({ incident_ref: '26-300007' }))).thread;
  const nurse = await sitDown(browser, county, 'm.okafor');
  await nurse.goto(ui.threadPath(own));
  await ui.accept(nurse);
  await ui.undoBar(nurse).waitFor();
  await nurse.reload();
  await nurse.goto('/inbox/');
  await ui.says(nurse, /is it still true\?/i);
  assert.equal((await county.handoff('stb', 'inbox', 'show', own)).phase, 'received');
  await nurse.getByRole('button', { name: /^send now/i }).click();
  await county.until('the acceptance', 'apd', ['inbox', 'show', own], (s) => s.phase === 'accepted');
  await nurse.context().close();
});

test('this agency\'s own computer is away: what is on the screen stays readable and says how old it is; a session that it forgot is over', async () => {
  const nurse = await sitDown(browser, county, 'm.okafor');
  await ui.openThread(nurse, thread);
  await county.stop('stb');
  await nurse.getByRole('alert').filter({ hasText: /no contact with handoff/i }).waitFor();
  await nurse.getByText('named a plan').first().waitFor();
  await ui.says(nurse, /as of \d\d:\d\d/i);
  await clean(nurse);
  await county.start('stb');
  await nurse.locator('input[type="password"]').waitFor(); // nobody touched anything
  assert.doesNotMatch(await ui.everything(nurse), /Quillfeather|Mill Street|named a plan/);
  nothingWrong(nurse);
  await nurse.context().close();
});
