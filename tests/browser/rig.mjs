// The rig of the browser suite: a county of real processes (rig.py), Chromium, and people at their desks. Nothing waits for time to pass:
// everything waits for what a person would see, or for an event.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
export const bin = process.env.HANDOFF_BIN ?? join(here, '..', '..', 'build', 'dev', 'bin');
export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 800 };
export const narrow = { width: 320, height: 640 };
const patience = 60_000; // only ends a test that has gone wrong

// A running county. `desks`: agency -> address of its inbox; `people`: login -> { agency, name, roles, password }.
export class County {
  static async open(more = []) {
    const child = spawn('python3', [join(here, 'rig.py'), '--bin', bin, ...more], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) throw new Error('the county did not come up; its words are above');
    return new County(child, lines, JSON.parse(first.value));
  }

  constructor(child, lines, facts) {
    Object.assign(this, { child, lines }, facts);
    this.turn = Promise.resolve();
  }

  // One command to rig.py; its answer. Commands queue, answers come in order.
  ask(command) {
    const answer = this.turn.then(async () => {
      this.child.stdin.write(JSON.stringify(command) + '\n');
      const { value, done } = await this.lines.next();
      if (done) throw new Error('the county went away');
      const said = JSON.parse(value);
      if (!said.ok) throw new Error(`${command.do}: ${said.why}`);
      return said;
    });
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  send(who, to, body, more = {}) { return this.ask({ do: 'send', who, to, body, ...more }); }
  handoff(who, ...words) { return this.ask({ do: 'handoff', who, words }); }
  clock(ahead_s) { return this.ask({ do: 'clock', ahead_s }); }
  stop(name) { return this.ask({ do: 'stop', name }); }
  start(name) { return this.ask({ do: 'start', name }); }
  async restart(name) { await this.stop(name); await this.start(name); }

  // Waits until an agency's agent has what `condition` looks for in `handoff WORDS --json`.
  async until(what, who, words, condition) {
    const end = Date.now() + patience;
    for (;;) {
      const said = await this.handoff(who, ...words);
      const found = condition(said);
      if (found) return found;
      assert.ok(Date.now() < end, `${what}: did not happen; last: ${JSON.stringify(said).slice(0, 2000)}`);
    }
  }

  async close() {
    this.child.stdin.end();
    if (this.child.exitCode === null) await new Promise((done) => this.child.once('exit', done));
  }
}

// A referral as an officer makes it. `changed` goes over the referral's own fields.
export function referral(changed = {}) {
  return {
    kind: 'Referral',
    referral: {
      subject: { name: { family: 'Quillfeather', given: 'Jordan' }, dob: '1992-02-14', sex: 'M', language: 'es', interpreter: true },
      reasons: [{ code: 'SI', text: 'Said he will end his life and named a plan' }],
      service: { code: 'CRISIS_EVAL' }, urgency: 'emergent',
      requester: { name: { family: 'Vance', given: 'R.' }, role: 'cit_officer', phone: '+1-555-0117' }, requester_agency: 'apd',
      authority_basis: 'hold', location_now: 'Mill Street Station', incident_ref: '26-104417',
      risk: { self: 'yes', others: 'no', weapons: 'yes', weapons_secured: 'yes', means: 'knife' },
      hold: { state: 'CO', form: 'M-1', basis: 'danger_to_self', start: new Date(Date.now() - 3_600_000).toISOString().slice(0, 19) + 'Z', initiator: 'R. Vance', rights_advised: 'yes' },
      notes: ['Calm with the officer, agreed to come along.'],
      ...changed,
    },
  };
}

export async function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.HANDOFF_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', ...more],
  });
}

// A browser of one's own (cookies, storage) at one agency's desk. What must never happen in any test is gathered in `page.wrong`: a script
// error, something that the content security policy stopped, a call to another origin, a dialog that a hostile text opened.
export async function openDesk(browser, county, agency, { size = desktop, theme = 'light', language = 'en-US', motion = 'no-preference', hurry = false, elsewhere = [], ...more } = {}) {
  const context = await browser.newContext({ baseURL: county.desks[agency], viewport: size, colorScheme: theme, locale: language, timezoneId: 'America/Denver', reducedMotion: motion, ...more });
  context.setDefaultTimeout(patience);
  if (hurry) await context.clock.install(); // the page's own clock, which a test may run ahead
  const page = await context.newPage();
  page.wrong = [];
  page.on('pageerror', (e) => page.wrong.push(`error: ${e.message}`));
  page.on('dialog', (d) => { page.wrong.push(`dialog: ${d.message()}`); d.dismiss(); });
  page.on('console', (m) => { if (/Content Security Policy|Refused to/.test(m.text())) page.wrong.push(`policy: ${m.text()}`); });
  context.on('request', (r) => { const to = new URL(r.url()); if (/^https?:$/.test(to.protocol) && ![county.desks[agency], ...elsewhere].includes(to.origin)) page.wrong.push(`elsewhere: ${r.url()}`); });
  return page;
}

export async function signIn(page, county, login, password = county.people[login].password) {
  await page.goto('/inbox/');
  await page.locator('input[autocomplete~="username"]').fill(login);
  await page.locator('input[type="password"]').fill(password);
  await page.keyboard.press('Enter');
  return page;
}

// The usual beginning: that person, signed in, the inbox in front of them.
export async function sitDown(browser, county, login, options = {}) {
  const page = await openDesk(browser, county, county.people[login].agency, options);
  await signIn(page, county, login);
  await page.locator('#main').waitFor();
  return page;
}

export function nothingWrong(page) { assert.deepEqual(page.wrong, []); }
