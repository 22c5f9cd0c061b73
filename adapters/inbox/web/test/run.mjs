// Compiles the tests (with Vite's own esbuild) and runs them with node's runner.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { readValues } from '../values.mjs';

const values = { name: 'values', setup: (b) => {
  b.onResolve({ filter: /^virtual:values$/ }, () => ({ path: 'values', namespace: 'values' }));
  b.onLoad({ filter: /.*/, namespace: 'values' }, () => ({ contents: JSON.stringify(readValues()), loader: 'json' }));
} };
const here = fileURLToPath(new URL('.', import.meta.url)), out = mkdtempSync(join(tmpdir(), 'inbox-web-'));
try {
  const tests = readdirSync(here).filter((f) => f.endsWith('.test.ts'));
  await build({ entryPoints: tests.map((f) => join(here, f)), outdir: out, bundle: true, plugins: [values], jsx: 'automatic', jsxImportSource: 'preact', platform: 'node', format: 'esm', outExtension: { '.js': '.mjs' }, logLevel: 'error' });
  const run = spawnSync(process.execPath, ['--test', ...tests.map((f) => join(out, f.replace('.ts', '.mjs')))], { stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally { rmSync(out, { recursive: true, force: true }); }
