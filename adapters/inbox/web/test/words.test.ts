// Every sentence exists in both languages with the same blanks; nobody shouts; the value sets have their Spanish.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fill } from '../src/i18n/fill';
import { language } from '../src/i18n';
import { saidWords } from '../src/i18n/failure';
import { inSpanish, known } from '../src/i18n/said';
import { Failure } from '../src/api/failure';
import { all } from '../src/i18n/words';

const blanks = (s: string) => [...new Set([...s.matchAll(/\{(\w+)/g)].map((m) => m[1]))].sort();
test('both languages, the same blanks, no exclamation marks', () => {
  for (const [key, [en, es]] of Object.entries(all)) {
    assert.ok(en.trim() && es.trim(), key);
    assert.deepEqual(blanks(es), blanks(en), key);
    assert.doesNotMatch(en + es, /[!¡]/, key);
  }
});
test('no key in two files', () => {
  const files = readdirSync('src/i18n/words').filter((f) => !['index.ts', 'kit.ts'].includes(f));
  const keys = files.flatMap((f) => [...readFileSync('src/i18n/words/' + f, 'utf8').matchAll(/^ {2}'([^']+)': \[/gm)].map((m) => m[1]));
  assert.deepEqual(keys.filter((k, i) => keys.indexOf(k) !== i), []);
  assert.equal(keys.length, Object.keys(all).length);
});
test('every coded value has both languages in the form that the build reads', () => {
  const sets = readdirSync('../../../schemas/values').filter((f) => f.endsWith('.toml')), declared = readFileSync('src/virtual.d.ts', 'utf8');
  for (const f of sets) {
    const text = readFileSync('../../../schemas/values/' + f, 'utf8'), rows = text.match(/^\s*\{code/gm)?.length ?? 0;
    assert.equal([...text.matchAll(/\{code = "([^"]+)", group = "([^"]*)", en = "([^"]+)", es = "([^"]+)"\}/g)].length, rows, f);
    assert.ok(declared.includes(`'${f.slice(0, -5)}'`), `src/virtual.d.ts does not know ${f}`);
  }
});
test('blanks are filled, one and many', () => {
  assert.equal(fill('{n} {n:item|items} waiting', { n: 1 }), '1 item waiting');
  assert.equal(fill('{n} {n:item|items} waiting', { n: 2 }), '2 items waiting');
  assert.equal(fill('From {agency}', {}), 'From {agency}');
});

test('each sentence of the agent that has a Spanish is one that the agent says', () => {
  const roots = ['../../agent', '../../../schemas', 'src/api'], files = roots.flatMap((r) => readdirSync(r, { recursive: true }).map((f) => r + '/' + String(f))).filter((f) => /\.(cc|h|ts)$/.test(f));
  const source = files.map((f) => readFileSync(f, 'utf8')).join('\n');
  assert.deepEqual(known.filter((k) => !source.includes(k.replace('*', ''))), []);
});
test('an answer of the agent is read in the language in force', () => {
  const said = new Failure('denied', 403, 'your role does not allow this', 'it needs: accept'), english = new Failure('usage', 400, 'a thing nobody has translated', 'see: handoff x');
  assert.equal(saidWords(said), 'your role does not allow this it needs: accept');
  language.value = 'es';
  assert.equal(saidWords(said), 'Su función no lo permite. Requiere: accept.');
  assert.equal(saidWords(english), 'El sistema respondió, en inglés: a thing nobody has translated');
  assert.equal(inSpanish('it needs: x'), 'requiere: x');
  language.value = 'en';
});
