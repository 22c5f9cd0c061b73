// The coordinator's board: counts of the whole county, and nobody's name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { County, launch, nothingWrong, referral, sitDown } from '../rig.mjs';
import { call, enter } from '../wire.mjs';
import * as ui from '../screens.mjs';

let county, browser;
before(async () => {
  browser = await launch();
  county = await County.open();
  for (let i = 0; i < 3; i++) await county.send('apd', i === 2 ? 'harbor' : 'stb', referral({ incident_ref: `26-40000${i}` }));
  await county.until('the facts at the county', 'county', ['loops'], (r) => r.loops?.length === 3);
});
after(async () => { await browser?.close(); await county?.close(); });

test('the board counts, follows by itself, and knows nobody', async () => {
  const page = await sitDown(browser, county, 'b.ames', { hurry: true });
  await ui.goTo(page, /board/i);
  await page.locator('main').getByText(/^3$/).first().waitFor();
  await county.send('apd', 'stb', referral({ incident_ref: '26-400009' }));
  await county.until('the facts at the county', 'county', ['loops'], (r) => r.loops?.length === 4);
  await page.clock.runFor(31_000); // it looks twice a minute
  await page.locator('main').getByText(/^4$/).first().waitFor();
  assert.doesNotMatch(await ui.everything(page), /Quillfeather|Jordan|Mill Street|named a plan/);
  const charts = page.locator('main svg[role="img"], main figure');
  for (let i = 0; i < await charts.count(); i++) assert.match(await charts.nth(i).evaluate((c) => c.getAttribute('aria-label') || c.getAttribute('aria-labelledby') || c.innerText), /\S/, 'a chart carries its numbers as text');
  nothingWrong(page);
  await page.context().close();
});

test('a loop past its time is on the board, with a telephone', async () => {
  await county.clock(16 * 60);
  await county.until('an overdue loop', 'county', ['loops'], (r) => r.loops?.some((l) => l.overdue.length > 0));
  const page = await sitDown(browser, county, 'b.ames');
  await ui.goTo(page, /loops/i);
  await page.locator('main').getByText(/over/i).first().waitFor();
  await page.locator('main').getByText(/555-01/).first().waitFor();
  await page.context().close();
});

test('the board says who has room, and the reports draw their charts with the numbers beside them as text', async () => {
  await county.handoff('harbor', 'capacity', 'set', '--service', 'CSU_BED', '--state', 'has', '--count', '2', '--minutes', '60');
  const page = await sitDown(browser, county, 'b.ames');
  await ui.goTo(page, /board/i);
  const room = page.locator('.board-cap .caprow', { hasText: /Harborlight/ });
  await room.getByText('2 beds').waitFor();
  assert.match(await room.innerText(), /ago/, 'and how old that is');
  await ui.goTo(page, /reports/i);
  const reports = page.locator('a[href*="/inbox/reports/"]');
  await reports.first().waitFor();
  for (let i = 0; i < await reports.count(); i++) {
    await reports.nth(i).click();
    await page.locator('section.report').first().waitFor();
    await ui.loaded(page);
    for (const chart of await page.locator('main [role="img"]').all()) assert.match(await chart.getAttribute('aria-label'), /: \S/); // few are hidden, in words too
    assert.ok(await page.locator('main section.report table.numbers').count() > 0);
    assert.doesNotMatch(await ui.everything(page), /Quillfeather|Jordan|Mill Street|named a plan/);
  }
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /csv/i }).click()]);
  assert.match(file.suggestedFilename(), /\.csv$/);
  nothingWrong(page);
  await page.context().close();
});

test('the coordinator gets no content over the wire either', async () => {
  const who = await enter(county, 'b.ames');
  for (const [op, body] of [['board.show', {}], ['loops', {}], ['inbox.list', {}], ['report.list', {}]]) {
    const answer = await call(county.desks.county, 'POST', `/api/v1/${op}`, { body, as: who });
    assert.doesNotMatch(answer.text, /Quillfeather|Jordan|Mill Street|named a plan/, op);
  }
});
