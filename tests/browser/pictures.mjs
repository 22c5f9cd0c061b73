// The pictures of docs/guide/inbox.md, taken of the real inbox in a fictional county: node tests/browser/pictures.mjs. They are made small by pngquant
// if it is there.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { County, launch, phone, referral, sitDown } from './rig.mjs';
import * as ui from './screens.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'pictures');
mkdirSync(folder, { recursive: true });
const take = async (page, name) => {
  await ui.loaded(page);
  const path = join(folder, name + '.png');
  await page.screenshot({ path });
  spawnSync('pngquant', ['--force', '--ext', '.png', '--quality', '85-100', path]);
};
const person = (given, family, age, code, text, more = {}) => referral({ subject: { name: { family, given }, dob: `${new Date().getFullYear() - age}-01-09`, language: 'en' }, reasons: [{ code, text }], ...more });

const [county, browser] = await Promise.all([County.open(), launch()]);
try {
  const late = (await county.send('apd', 'stb', referral())).thread;
  await county.until('it is there', 'stb', ['inbox', 'list'], (r) => r.threads?.length === 1);
  await county.clock(27 * 60);
  await county.send('apd', 'stb', person('Toni', 'Larkspur', 19, 'OVERDOSE', 'Took pills, awake, needs a medical check', { hold: undefined, authority_basis: 'emergency', risk: { self: 'yes', weapons: 'no' } }));
  await county.send('apd', 'stb', person('Blair', 'Nettlewood', 58, 'WITHDRAWAL', 'Withdrawal, shaking', { urgency: 'urgent', service: { code: 'DETOX' }, hold: undefined, authority_basis: 'emergency', risk: { weapons: 'no' } }));
  await county.until('all are there', 'stb', ['inbox', 'list'], (r) => r.threads?.length === 3);
  const small = await sitDown(browser, county, 'm.okafor', { size: phone });
  await ui.row(small, late).waitFor();
  await take(small, 'inbox-phone');
  const desk = await sitDown(browser, county, 'm.okafor', { size: { width: 1280, height: 760 } });
  await desk.goto(ui.threadPath(late));
  await take(desk, 'referral-desk');
  const dark = await sitDown(browser, county, 'm.okafor', { size: phone, theme: 'dark' });
  await dark.goto(ui.threadPath(late));
  await ui.openDecline(dark);
  await take(dark, 'decline-dark');
  await county.handoff('harbor', 'capacity', 'set', '--service', 'CSU_BED', '--state', 'has', '--count', '2', '--minutes', '60');
  await county.handoff('stb', 'capacity', 'set', '--service', 'DETOX', '--state', 'waitlist', '--minutes', '60');
  await county.until('who has room, at the county', 'county', ['capacity', 'list'], (r) => r.capacity?.length === 2);
  const board = await sitDown(browser, county, 'b.ames', { size: { width: 1280, height: 760 } });
  await board.goto('/inbox/board');
  await take(board, 'board-desk');
} finally {
  await browser.close();
  await county.close();
}
