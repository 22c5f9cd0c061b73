// A desk that reads Spanish: no English is left over on any screen. What people or other agencies wrote stays as they wrote it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { County, launch, openDesk, referral, signIn, sitDown } from '../rig.mjs';
import * as ui from '../screens.mjs';

let county, browser, thread;
before(async () => {
  browser = await launch();
  county = await County.open();
  thread = (await county.send('apd', 'stb', referral())).thread;
  await county.until('the referral', 'stb', ['inbox', 'list'], (r) => r.threads?.some((t) => t.thread === thread));
});
after(async () => { await browser?.close(); await county?.close(); });

// The same in both tongues, names of the county, and what somebody wrote.
const allowed = [
  /^[\W\d_]*$/, /^(Handoff|No|Error|Total|Normal|Local|Menú|Timer|PDF|TOTP|E-?mail|Push|Chromium.*|ED|FU\d+|M-1|CO|ID|QR|SMS)$/i, /^\+?[\d\s()-]*min?$/, /^\d+ (h|d|min)( \d+ min)?$/, /^[A-Z]{1,3}$/, /^[A-Z]$/,
  /^Supervisor$/, /^m\.okafor$/, // what the county's policy calls its telephones
  /^(Watch commander|Shift lieutenant|Field supervisor|ED charge nurse|Shift lead|Intake manager|Team lead|Floor supervisor|Program manager|Hospital privacy office)/,
  /Alder|Brigid|Harborlight|Rivermark|988|Okafor|Reyes|Vance|Quillfeather|Jordan|Mill Street|named a plan|Calm with the officer|knife|26-104417/,
];
const visible = (page) => page.evaluate(() => {
  const out = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const add = (text) => { const words = text.replace(/\s+/g, ' ').trim(); if (words) out.add(words); };
  while (walk.nextNode()) { const e = walk.currentNode.parentElement; if (e && !e.closest('script, style, noscript, template, kbd, [lang]:not(html)')) add(walk.currentNode.data); }
  for (const e of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) for (const a of ['aria-label', 'title', 'placeholder', 'alt']) if (e.hasAttribute(a)) add(e.getAttribute(a));
  return [...out];
});

test('every word of every screen differs from the English one', async () => {
  const both = {};
  for (const language of ['en-US', 'es-US']) {
    const locked = await openDesk(browser, county, 'stb', { language });
    await locked.goto('/inbox/');
    await locked.locator('input[type="password"]').waitFor();
    const seen = { unlock: await visible(locked) };
    await signIn(locked, county, 'm.okafor');
    await locked.locator('#main').waitFor();
    for (const path of [...ui.screens, ...ui.tabs.map((tab) => `t/${thread}${tab}`)]) {
      await ui.visit(locked, path);
      seen[path] = await visible(locked);
    }
    for (const open of [ui.openAccept, ui.openDecline, ui.openDeclineCode, ui.openMore, ui.openBreakGlass]) {
      await ui.visit(locked, `t/${thread}`);
      await open(locked);
      seen[open.name] = await visible(locked);
      await locked.keyboard.press('Escape');
      await ui.sheet(locked).waitFor({ state: 'detached' });
    }
    both[language] = seen;
    assert.equal(await locked.evaluate(() => document.documentElement.lang.slice(0, 2)), language.slice(0, 2));
    await locked.context().close();
  }
  const english = new Set(Object.values(both['en-US']).flat());
  const left = Object.entries(both['es-US']).flatMap(([path, list]) => list.filter((w) => english.has(w) && !allowed.some((a) => a.test(w))).map((w) => `${path || 'inbox'}: ${w}`));
  assert.deepEqual(left, []);
});

test('accepting in Spanish', async () => {
  const nurse = await sitDown(browser, county, 'm.okafor', { language: 'es-US', hurry: true });
  await nurse.goto('/inbox/t/' + thread);
  await nurse.getByRole('button', { name: /^aceptar/i }).first().click();
  await ui.sheet(nurse).getByRole('button', { name: /^aceptar/i }).click();
  await nurse.getByRole('button', { name: /^deshacer/i }).waitFor();
  await ui.undoRunsOut(nurse);
  await county.until('the acceptance', 'apd', ['inbox', 'show', thread], (s) => s.phase === 'accepted');
  await nurse.context().close();
});

test('what the agent answers is said in Spanish too', async () => {
  const nurse = await sitDown(browser, county, 'm.okafor', { language: 'es-US' });
  await nurse.goto('/inbox/settings');
  await nurse.locator('li', { hasText: /^Contraseña/ }).getByRole('button').first().click();
  const form = ui.sheet(nurse);
  await form.locator('input[autocomplete="current-password"]').fill('not the password of anybody');
  for (const field of await form.locator('input[autocomplete="new-password"]').all()) await field.fill('five plain words that nobody uses');
  await form.locator('button[type="submit"]').click();
  await nurse.getByText('Esta no es la contraseña').waitFor();
  await nurse.context().close();
});
