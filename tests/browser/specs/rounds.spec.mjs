// A shift's rounds: each of the other screens used once, as somebody would, and what the other agency sees of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clean } from '../axe.mjs';
import { County, launch, nothingWrong, phone, referral, sitDown } from '../rig.mjs';
import * as ui from '../screens.mjs';

let county, browser, thread;
before(async () => {
  browser = await launch();
  county = await County.open(['--ehr']);
  thread = (await county.send('apd', 'stb', referral())).thread;
  await county.until('the referral', 'stb', ['inbox', 'list'], (r) => r.threads?.some((t) => t.thread === thread));
});
after(async () => { await browser?.close(); await county?.close(); });

// Accepted by `by`, asked for by an agency that may be told more than officers are.
const accepted = async (from, by, incident) => {
  const own = from === 'apd' ? {} : { requester_agency: from, authority_basis: 'treatment', hold: undefined };
  const made = (await county.send(from, by, referral({ incident_ref: incident, ...own }))).thread;
  await county.until('the referral', by, ['inbox', 'list'], (r) => r.threads?.some((t) => t.thread === made));
  await county.handoff(by, 'inbox', 'accept', made, '--name', 'M. Okafor', '--role', 'clinician', '--callback', '+1-555-0163');
  return made;
};

test('capacity: published with three taps, at the other agency without a reload; said to be stale when its time is over, and true again with one tap', async () => {
  const nurse = await sitDown(browser, county, 'm.okafor', { size: phone });
  const officer = await sitDown(browser, county, 'r.vance');
  await officer.goto('/inbox/capacity');
  await nurse.goto('/inbox/capacity');
  await nurse.getByRole('button', { name: /publish another service/i }).click();
  await ui.sheet(nurse).getByLabel(/^service/i).selectOption('CSU_BED');
  await ui.sheet(nurse).getByRole('button', { name: /choose a service/i }).click();
  for (let i = 0; i < 3; i++) await nurse.getByRole('button', { name: /^one more/i }).click();
  await clean(nurse);
  await nurse.getByRole('button', { name: /^publish 3 beds/i }).click();
  const theirs = officer.locator('a.row', { hasText: /Brigid/ });
  await theirs.getByText('3 beds').waitFor();
  assert.match(await theirs.innerText(), /updated \d\d:\d\d, .*ago/i, 'how old it is');
  await theirs.click();
  await officer.getByRole('button', { name: /^ask /i }).click();
  await ui.says(officer, /asked\. their answer/i); // nobody is named in the question
  [officer, nurse].forEach(nothingWrong);
  await nurse.context().close(); await officer.context().close();

  await county.clock(61 * 60);
  const later = await sitDown(browser, county, 'r.vance');
  await later.goto('/inbox/capacity');
  const old = later.locator('a.row', { hasText: /Brigid/ });
  await old.getByText(/^stale/i).waitFor();
  const again = await sitDown(browser, county, 'm.okafor');
  await again.goto('/inbox/capacity');
  await ui.says(again, /others now see "stale"/i);
  await clean(again);
  await again.getByRole('button', { name: /still true/i }).click();
  await old.getByText('3 beds').waitFor();
  await again.context().close(); await later.context().close();
});

test('a waiting list is declined with its days, and an officer is told as much of it as the policy lets them', async () => {
  const own = (await county.send('apd', 'stb', referral({ incident_ref: '26-600001' }))).thread;
  const nurse = await sitDown(browser, county, 'm.okafor', { hurry: true });
  await nurse.goto(ui.threadPath(own));
  await ui.openDecline(nurse);
  await ui.sheet(nurse).getByRole('button', { name: /no room/i }).click();
  await ui.sheet(nurse).getByText(/^waiting list/i).first().click();
  await ui.sheet(nurse).locator('button[type="submit"]').click();
  await ui.sheet(nurse).getByRole('alert').first().waitFor(); // how many days?
  await ui.sheet(nurse).getByLabel(/about how many/i).fill('4');
  await ui.sheet(nurse).locator('button[type="submit"]').click();
  await ui.undoRunsOut(nurse);
  await nurse.goto(ui.threadPath(own) + '/timeline');
  await ui.says(nurse, /declined: waiting list\. about 4 days/i);
  const officer = await sitDown(browser, county, 'r.vance');
  await officer.goto(ui.threadPath(own) + '/timeline');
  await ui.says(officer, /declined: no room/i); // the county's policy tells officers no more
  await nurse.context().close(); await officer.context().close();
});

test('follow-up: due after the outcome, written down in three taps; what policy stops is said at once, on whatever screen one is', async () => {
  for (const [from, incident] of [['harbor', '26-600002'], ['apd', '26-600003']]) {
    const own = await accepted(from, 'stb', incident);
    await county.handoff('stb', 'inbox', 'complete', own, '--outcome', 'ENGAGED');
  }
  const nurse = await sitDown(browser, county, 'm.okafor', { hurry: true });
  await ui.goTo(nurse, /follow-up/i);
  const write = async (agency) => {
    await nurse.locator('li.row', { hasText: agency }).getByRole('button', { name: /write down/i }).first().click();
    await ui.sheet(nurse).locator('button[type="submit"]').click();
    await ui.sheet(nurse).getByText(/choose how it went/i).waitFor();
    await clean(nurse);
    await ui.sheet(nurse).getByRole('button', { name: /^reached/i }).click();
    await ui.sheet(nurse).locator('button[type="submit"]').click();
    await ui.undoRunsOut(nurse);
  };
  await write(/From Harborlight/);
  await nurse.getByRole('button', { name: /show what is written down/i }).click();
  await nurse.getByRole('region', { name: /written down/i }).getByText(/reached/i).first().waitFor();
  await write(/From Alder Police/);
  const refused = nurse.getByRole('alert').filter({ hasText: /not sent: follow-up/i });
  await refused.getByText(/no flow of policy/i).waitFor(); // officers hear of it only if the person agrees
  await clean(nurse);
  await refused.getByRole('button', { name: /discard/i }).click();
  await refused.waitFor({ state: 'detached' });
  nothingWrong(nurse);
  await nurse.context().close();
});

test('a shift: taken over, and handed to the next person', async () => {
  const nurse = await sitDown(browser, county, 'n.reyes');
  await nurse.goto('/inbox/on-call');
  const list = nurse.locator('li.rota', { has: nurse.getByRole('heading', { name: /^on call/i }) });
  await list.getByRole('button', { name: /take over/i }).click();
  await ui.sheet(nurse).locator('button[type="submit"]').click();
  await list.getByText(/N\. Reyes \(you\)/).waitFor();
  const next = await sitDown(browser, county, 'm.okafor');
  await next.goto('/inbox/on-call');
  const theirs = next.locator('li.rota', { has: next.getByRole('heading', { name: /^on call/i }) });
  await theirs.getByText('N. Reyes').first().waitFor();
  await theirs.getByRole('button', { name: /take over/i }).click();
  await ui.sheet(next).locator('button[type="submit"]').click();
  await theirs.getByText(/M\. Okafor \(you\)/).waitFor();
  await clean(next);
  await theirs.getByRole('button', { name: /hand over shift/i }).click();
  await ui.sheet(next).getByLabel(/^to/i).selectOption({ label: 'N. Reyes' });
  await ui.sheet(next).locator('button[type="submit"]').click();
  await theirs.getByText('N. Reyes').waitFor();
  [nurse, next].forEach(nothingWrong);
  await nurse.context().close(); await next.context().close();
});

test('break-glass: says first what it does; needs a reason, words and a held button; the privacy officer is told', async () => {
  const nurse = await sitDown(browser, county, 'm.okafor', { hurry: true });
  await nurse.goto(ui.threadPath(thread));
  await nurse.locator('main').getByRole('button', { name: /break the glass/i }).first().click();
  const sheet = ui.sheet(nurse), hold = sheet.locator('button.hold');
  await sheet.getByText(/privacy officers of both agencies are told/i).waitFor();
  assert.ok(await hold.isDisabled(), 'not without a reason');
  await sheet.getByRole('combobox').selectOption('LIFE_THREAT');
  await sheet.getByLabel(/in your own words/i).fill('Person is unconscious');
  await ui.holdFor(nurse, hold, 2200);
  await sheet.getByText(/is open until/i).waitFor();
  await clean(nurse);
  await county.until('the notice', 'stb', ['notices'], (r) => r.notices?.some((n) => n.what === 'break_glass'));
  nothingWrong(nurse);
  await nurse.context().close();
});

test('a record of the hospital\'s own system without a reference: a person says whose it is', async () => {
  const own = await accepted('harbor', 'stb', '26-600005');
  await county.ask({ do: 'hl7', sample: 'doe_adt_a03.hl7', changed: [['Doe^J.', 'Quillfeather^Jordan'], ['||1992|', '||19920214|'], ['APD-26-118802', '']] });
  const nurse = await sitDown(browser, county, 'm.okafor');
  await nurse.goto('/inbox/match');
  await nurse.locator('a.row').first().click();
  const one = nurse.locator('section.card', { has: nurse.getByRole('button', { name: /it is this person/i }) });
  await one.first().getByText(/alike\. same: name, date of birth/i).waitFor();
  await clean(nurse);
  for (let i = 0; await nurse.locator('main').getByText(/^None of these/).count(); i++) { // policy has a word in it: an officer is not told of a discharge
    await one.nth(i).getByRole('button').click();
    await nurse.waitForFunction(() => location.pathname.endsWith('/match') || document.querySelector('section.card [role="alert"]'));
  }
  await nurse.waitForURL(/\/match$/);
  assert.equal((await county.handoff('stb', 'matches', 'list')).matches.filter((m) => m.state === 'waiting').length, 0);
  assert.ok(own);
  nothingWrong(nurse);
  await nurse.context().close();
});

test('after an outage: the paper is typed in with the time on it, and everybody sees that it was paper', async () => {
  const officer = await sitDown(browser, county, 'r.vance', { hurry: true });
  await officer.goto('/inbox/downtime');
  await officer.emulateMedia({ media: 'print' });
  const blank = officer.locator('.blank');
  await blank.waitFor(); // the form is on paper
  assert.ok(await blank.locator('.bl, .bl-boxes').count() > 30, 'with the fields of the screen');
  assert.equal(await officer.locator('nav, .no-print').filter({ visible: true }).count(), 0);
  await officer.emulateMedia({ media: 'screen' });
  assert.ok(!(await blank.isVisible()), 'and only there');
  await officer.getByRole('link', { name: /type/i }).click();
  const form = officer.locator('main form');
  const at = new Date(Date.parse((await county.handoff('apd', 'status')).hub?.hub_time ?? new Date().toISOString()) - 3 * 3_600_000);
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Denver', dateStyle: 'short', timeStyle: 'short' }).format(at).split(' ');
  await form.getByRole('group', { name: /time on the paper/i }).getByLabel(/day/i).fill(wall[0]);
  await form.getByRole('group', { name: /time on the paper/i }).getByLabel(/time/i).last().fill(wall[1]);
  await form.getByLabel(/^service/i).selectOption('CRISIS_EVAL');
  await form.getByText(/^emergent$/i).click();
  await form.getByText(/Brigid/).first().click();
  await form.getByLabel(/first name/i).fill('Wren');
  await form.getByLabel(/last name/i).fill('Aftermath');
  await form.getByLabel(/date of birth/i).fill('1980-03-04');
  await form.getByRole('group', { name: /^reasons/i }).locator('label').first().click();
  await form.getByLabel(/where the person is now/i).fill('Station 4');
  await form.getByLabel(/^your phone/i).fill('+1-555-0117');
  await form.getByLabel(/authority to tell/i).selectOption('emergency');
  await officer.locator('button[type="submit"]').last().click();
  await ui.undoRunsOut(officer);
  await form.getByRole('group', { name: /^weapons$/i }).getByText(/the policy asks for this/i).waitFor(); // said beside the field
  await clean(officer);
  await form.getByRole('group', { name: /^weapons$/i }).getByText(/^no$/i).click();
  await officer.locator('button[type="submit"]').last().click();
  await ui.undoRunsOut(officer);
  const nurse = await sitDown(browser, county, 'm.okafor');
  const row = nurse.locator('a.row[data-thread]', { hasText: 'WA' });
  await row.first().click();
  await ui.openTab(nurse, /^timeline/i);
  await ui.says(nurse, /written on paper then, typed in/i);
  [officer, nurse].forEach(nothingWrong);
  await nurse.context().close(); await officer.context().close();
});

test('what happens is said aloud once, and politely', async () => {
  const own = (await county.send('apd', 'stb', referral({ incident_ref: '26-600004' }))).thread;
  const nurse = await sitDown(browser, county, 'm.okafor', { hurry: true });
  await nurse.goto(ui.threadPath(own));
  await ui.accept(nurse);
  await nurse.getByRole('status').filter({ hasText: /accept/i }).first().waitFor();
  await nurse.getByRole('button', { name: /^undo/i }).click();
  await nurse.clock.runFor(100);
  await nurse.getByRole('status').filter({ hasText: /taken back\. nothing was sent/i }).waitFor();
  assert.equal(await nurse.locator('[role="timer"][aria-live="assertive"]').count(), 0);
  assert.ok(await nurse.locator('[role="timer"][aria-live="polite"]').count() <= 1, 'one clock is spoken, not all');
  nothingWrong(nurse);
  await nurse.context().close();
});
