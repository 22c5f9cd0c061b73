// axe-core's rules of WCAG 2.1 A and AA over what is on the page now. Returns lines, one a finding; none is good.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function axe(page, where) {
  // Given to the page by the browser's debugger, so that the page's own policy against foreign scripts stays in force.
  const cdp = await page.context().newCDPSession(page);
  const run = async (expression) => {
    const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await run('Promise.all(document.getAnimations().map((a) => a.finished.catch(() => undefined))).then(() => 0)'); // a sheet that still fades in has no contrast
  if (!(await run('!!window.axe'))) await run(source + ';0');
  const found = await run(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })
    .then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ') + ': ' + (n.any[0] ?? n.all[0] ?? n.none[0])?.message)))`);
  await cdp.detach();
  return found.map((line) => `${where || 'inbox'}: ${line}`);
}

// In passing: this page, as it stands now, has no finding.
export async function clean(page) { assert.deepEqual(await axe(page, new URL(page.url()).pathname), []); }
