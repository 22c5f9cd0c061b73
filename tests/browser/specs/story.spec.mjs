// The whole story, by people at their desks in browsers of their own: an officer refers, a nurse answers, and each sees how far the other is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clean } from '../axe.mjs';
import { County, launch, nothingWrong, phone, referral, sitDown } from '../rig.mjs';
import * as ui from '../screens.mjs';

let county, browser, officer, nurse;
before(async () => {
  browser = await launch();
  county = await County.open();
  officer = await sitDown(browser, county, 'r.vance', { hurry: true });
  nurse = await sitDown(browser, county, 'm.okafor', { hurry: true, size: phone });
});
after(async () => { await browser?.close(); await county?.close(); });

const refer = async (changed) => (await county.send('apd', 'stb', referral(changed))).thread;

test('accepted in two taps; the officer sees sent, delivered, seen and acted as they come true, without touching anything', async () => {
  const thread = await refer();
  await ui.openOurs(officer, thread);
  await ui.marks(officer, { on: ['Sent', 'Delivered'], off: ['Seen', 'Acted'] });
  await ui.row(nurse, thread).waitFor();
  await ui.marks(officer, { off: ['Seen'] }); // a row on the nurse's screen is not a person who has read it
  await ui.openThread(nurse, thread);
  await ui.marks(officer, { on: ['Sent', 'Delivered', 'Seen'], off: ['Acted'] });
  assert.match(await nurse.locator('main').innerText(), /named a plan/);
  let taps = 0;
  await nurse.exposeFunction('tapped', () => { taps += 1; });
  await nurse.evaluate(() => addEventListener('click', () => window.tapped(), true));
  await ui.accept(nurse);
  await ui.undoBar(nurse).waitFor();
  assert.equal(taps, 2);
  await clean(nurse);
  await ui.marks(officer, { off: ['Acted'] }); // nothing has left yet
  await ui.undoRunsOut(nurse);
  await ui.marks(officer, { on: ['Sent', 'Delivered', 'Seen', 'Acted'] });
  await ui.says(officer, /accepted/i);
  [officer, nurse].forEach(nothingWrong);
});

test('what is undone within ten seconds was never sent', async () => {
  const thread = await refer({ incident_ref: '26-104419' });
  await ui.goHome(nurse);
  await ui.openThread(nurse, thread);
  await ui.accept(nurse);
  await ui.undoBar(nurse).waitFor();
  await nurse.getByRole('button', { name: /^undo/i }).click();
  await nurse.clock.runFor(15_000);
  await ui.acceptButton(nurse).waitFor();
  const shown = await county.handoff('stb', 'inbox', 'show', thread);
  assert.equal(shown.phase, 'received');
});

test('declined: a class, a code, and who might be asked next', async () => {
  const thread = await refer({ incident_ref: '26-104420' });
  await ui.goHome(nurse);
  await ui.openThread(nurse, thread);
  await ui.decline(nurse, { group: /no room/i, reason: /no bed/i });
  await ui.undoBar(nurse).waitFor();
  await ui.undoRunsOut(nurse);
  await ui.goHome(officer);
  await ui.openOurs(officer, thread);
  await ui.says(officer, /declined/i);
  const last = (await county.handoff('stb', 'inbox', 'show', thread)).events.filter((e) => e.outgoing && e.kind === 'StatusUpdate').at(-1).body.status_update;
  assert.deepEqual([last.status, last.reason_class, last.reason], ['rejected', 'capacity', 'CAP_NO_BED']);
  // One tap asks the next agency.
  await ui.askNext(officer, /Harborlight/);
  await county.until('the next agency has it', 'harbor', ['inbox', 'list'], (r) => r.threads?.some((t) => t.from === 'apd'));
});

test('messages go both ways, and each side sees that the other has read', async () => {
  const thread = await refer({ incident_ref: '26-104421' });
  await ui.goHome(nurse); await ui.goHome(officer);
  await ui.openThread(nurse, thread);
  await ui.openOurs(officer, thread);
  await ui.write(officer, 'We are ten minutes out, north entrance?');
  await ui.openMessages(nurse);
  await nurse.getByText('We are ten minutes out, north entrance?').waitFor();
  await ui.write(nurse, 'Yes, north. Ring twice.');
  await ui.openMessages(officer);
  await officer.getByText('Yes, north. Ring twice.').waitFor();
  [officer, nurse].forEach(nothingWrong);
});

test('a warm handoff: offered by one, taken by the other who holds for two seconds; responsibility passes then and not before', async () => {
  const thread = await refer({ incident_ref: '26-104422' });
  await county.until('the referral', 'stb', ['inbox', 'list'], (r) => r.threads?.some((t) => t.thread === thread));
  await county.handoff('stb', 'inbox', 'accept', thread, '--name', 'M. Okafor', '--role', 'clinician', '--callback', '+1-555-0163');
  await county.until('the acceptance', 'apd', ['inbox', 'show', thread], (s) => s.phase === 'accepted');
  await ui.goHome(officer);
  await ui.openOurs(officer, thread);
  await ui.offerHandoff(officer);
  await county.until('the offer', 'stb', ['inbox', 'show', thread], (s) => s.events.some((e) => e.kind === 'HandoffReport'));
  await ui.goHome(nurse);
  await ui.openThread(nurse, thread);
  const hold = await ui.takeHandoff(nurse);
  await hold.press(1000);
  assert.equal((await county.handoff('stb', 'inbox', 'show', thread)).responsible, 'apd', 'one second is not enough');
  await hold.press(2200);
  await county.until('the take', 'apd', ['inbox', 'show', thread], (s) => s.responsible === 'stb');
  await ui.says(nurse, /responsib/i);
  [officer, nurse].forEach(nothingWrong);
});

test('a call from the records system is on the clinician\'s screen without a reload', async () => {
  await ui.goHome(nurse);
  await county.ask({ do: 'drop', incident: '26-200001', changed: { subject_last: 'Dropfile', subject_first: 'Zed' } });
  await nurse.locator('a', { hasText: /ZD/ }).first().waitFor();
  nothingWrong(nurse);
});
