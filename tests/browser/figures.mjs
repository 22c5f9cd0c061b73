// The inbox's figures: `./dev bench inbox` prints them and writes them to build/bench/inbox.json. No test: a figure is not right or wrong.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { axe } from './axe.mjs';
import { County, desktop, launch, openDesk, phone, referral, signIn, sitDown } from './rig.mjs';
import { call } from './wire.mjs';
import * as ui from './screens.mjs';

const runs = Number(process.env.RUNS ?? 50), many = Number(process.env.MANY ?? 500);
const out = process.argv[2] ?? join('build', 'bench');
const figures = {};
const note = (name, value, unit, how) => { figures[name] = { value, unit, how }; console.log(`${name.padEnd(44)} ${String(value).padStart(9)} ${unit.padEnd(8)} ${how}`); };
const at = (list, part) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.ceil(part * list.length) - 1)];
const spread = (name, list, how) => { note(`${name}, p50`, Math.round(at(list, 0.5)), 'ms', `${list.length} runs; ${how}`); note(`${name}, p99`, Math.round(at(list, 0.99)), 'ms', ''); };

// What a browser loads before the first screen, compressed as a server would send it.
async function bundle(county) {
  const page = await call(county.desks.stb, 'GET', '/inbox/');
  const files = [...page.text.matchAll(/(?:src|href)="(\/inbox\/[^"]+\.(?:js|css))"/g)].map((m) => m[1]);
  let sum = gzipSync(page.text).length;
  for (const file of new Set(files)) sum += gzipSync((await call(county.desks.stb, 'GET', file)).text).length;
  note('first load, gzip', (sum / 1024).toFixed(1), 'KiB', `index.html and ${new Set(files).size} files`);
}

// Every row's first moment on this screen, by the machine's clock.
const watchRows = (page) => page.evaluate(() => {
  window.firstSeen = {};
  const look = () => { for (const a of document.querySelectorAll('a[href*="/inbox/t/"]')) window.firstSeen[a.getAttribute('href')] ??= Date.now(); };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  look();
});
const rowSeen = (page, thread) => page.waitForFunction((t) => Object.entries(window.firstSeen).find(([href]) => href.includes(t))?.[1], thread).then((h) => h.jsonValue());

// Answered, so that the next one is not below the rows that are drawn: what came last is due last.
const settle = (county, thread) => county.handoff('stb', 'inbox', 'decline', thread, '--reason', 'CAP_NO_BED', '--name', 'M. Okafor');

async function toTheScreen(county, browser) {
  const nurse = await sitDown(browser, county, 'm.okafor');
  await watchRows(nurse);
  const fromFile = [], fromHub = [];
  for (let i = 0; i < runs; i++) {
    const before = Object.keys(await nurse.evaluate(() => window.firstSeen));
    const { dropped_ms } = await county.ask({ do: 'drop', incident: `26-7${String(i).padStart(5, '0')}` });
    const seen = await nurse.waitForFunction((had) => Object.entries(window.firstSeen).find(([href]) => !had.includes(href)), before).then((h) => h.jsonValue());
    fromFile.push(seen[1] - dropped_ms);
    await settle(county, seen[0].split('/')[3]);
  }
  for (let i = 0; i < runs; i++) {
    const { thread } = await county.send('apd', 'stb', referral({ incident_ref: `26-8${String(i).padStart(5, '0')}` }));
    const seen = await rowSeen(nurse, thread);
    const { at_ms } = await county.ask({ do: 'committed', who: 'apd', thread });
    fromHub.push(seen - at_ms);
    await settle(county, thread);
  }
  await nurse.context().close();
  spread('file dropped by the RMS to the screen', fromFile, 'folder, mapping, policy, sealing, hub, opening, event stream, drawing');
  spread('hub commit to the screen', fromHub, 'the log entry\'s own time to the row');
}

async function accepting(county, browser) {
  const nurse = await sitDown(browser, county, 'm.okafor', { size: phone, hurry: true });
  const taken = [];
  let taps = 0;
  await nurse.exposeFunction('tapped', () => { taps += 1; });
  await nurse.context().addInitScript(() => addEventListener('click', () => window.tapped?.(), true));
  for (let i = 0; i < 10; i++) {
    const { thread } = await county.send('apd', 'stb', referral({ incident_ref: `26-9${String(i).padStart(5, '0')}` }));
    await ui.row(nurse, thread).waitFor();
    await nurse.goto(ui.threadPath(thread)); // what a tap on the notice does
    taps = 0;
    const began = Date.now();
    await ui.accept(nurse);
    await ui.undoBar(nurse).waitFor();
    taken.push(Date.now() - began);
    await ui.undoRunsOut(nurse);
    await ui.goHome(nurse);
  }
  note('taps from an open notice to accepted', taps, 'taps', 'all fields are filled already');
  spread('the same, by a hand that does not think', taken, 'without the ten seconds of undo');
  await nurse.context().close();
}

async function longList(county, browser) {
  await county.ask({ do: 'send_many', who: 'apd', to: 'harbor', count: many, body: referral() });
  const page = await openDesk(browser, county, 'harbor');
  await signIn(page, county, 'k.soto');
  await ui.rows(page).first().waitFor();
  const times = [];
  for (let i = 0; i < 10; i++) {
    await page.reload();
    times.push(await interactive(page, 'a[href*="/inbox/t/"]'));
  }
  spread(`${many} items: reload to a row that answers`, times, 'navigation start to the first row drawn and no long task after it');
  await page.context().close();
}

// ms from the navigation's start until `selector` is there, drawn, and the page answers at once.
const interactive = (page, selector) => page.evaluate((wanted) => new Promise((done) => {
  const look = () => {
    if (!document.querySelector(wanted)) { requestAnimationFrame(look); return; }
    const quiet = () => { const asked = performance.now(); setTimeout(() => requestAnimationFrame(() => { if (performance.now() - asked > 50) quiet(); else done(performance.now()); })); };
    quiet();
  };
  look();
}), selector);

async function slowPhone(county, browser) {
  const page = await openDesk(browser, county, 'stb', { size: phone });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const how = '1.6 Mbit/s, 150 ms, CPU at a quarter, nothing cached';
  await page.goto('/inbox/');
  const ready = await interactive(page, 'input[type="password"]');
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  note('slow phone: first paint', Math.round(paint), 'ms', how);
  note('slow phone: sign-in answers', Math.round(ready), 'ms', '');
  await signIn(page, county, 'm.okafor');
  await ui.rows(page).first().waitFor();
  await page.reload();
  note('slow phone: inbox answers, second visit', Math.round(await interactive(page, 'a[href*="/inbox/t/"]')), 'ms', 'the same; the shell comes from the device');
  await page.context().close();
}

async function findings(county, browser) {
  let count = 0, screens = 0;
  for (const size of [desktop, phone]) for (const theme of ['light', 'dark']) {
    const page = await sitDown(browser, county, 'm.okafor', { size, theme });
    const first = (await ui.rows(page).first().getAttribute('href')).replace('/inbox/', '');
    for (const path of [...ui.screens, ...ui.tabs.map((tab) => first + tab)]) {
      await page.goto('/inbox/' + path);
      await page.locator('#main').waitFor();
      await ui.loaded(page);
      count += (await axe(page, path)).length; screens += 1;
    }
    await page.context().close();
  }
  note('axe findings (WCAG 2.1 A, AA)', count, '', `${screens} screens, two sizes, two themes`);
}

const [county, browser] = await Promise.all([County.open(), launch()]);
try {
  await bundle(county);
  await toTheScreen(county, browser);
  await accepting(county, browser);
  await slowPhone(county, browser);
  await findings(county, browser);
  await longList(county, browser);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'inbox.json'), JSON.stringify(figures, null, 2) + '\n');
} finally {
  await browser.close();
  await county.close();
}
