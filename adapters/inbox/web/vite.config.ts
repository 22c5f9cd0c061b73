// How the app is built: hashed files under /inbox/, nothing inline, the service worker as a file of its own name.
import { createHash } from 'node:crypto';
import { defineConfig, type Plugin } from 'vite';
import { readValues } from './values.mjs';

// `import values from 'virtual:values'`.
function values(): Plugin {
  const id = 'virtual:values';
  return {
    name: 'values',
    resolveId: (name) => (name === id ? '\0' + id : undefined),
    load: (name) => (name === '\0' + id ? `export default ${JSON.stringify(readValues())}` : undefined),
  };
}

// The service worker keeps the app's files; it is told their names and a version that changes with them.
function shell(): Plugin {
  return {
    name: 'shell',
    enforce: 'post',
    generateBundle: { order: 'post', handler(_, bundle) {
      const files = Object.keys(bundle).filter((f) => f.startsWith('assets/')).sort();
      const list = ['', ...files, 'icon.svg', 'icon-192.png'].map((f) => '/inbox/' + f);
      const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
      const worker = bundle['sw.js'];
      if (worker?.type === 'chunk') worker.code = `const SHELL=${JSON.stringify(list)},VERSION=${JSON.stringify(version)};` + worker.code;
    } },
  };
}

export default defineConfig({
  base: '/inbox/',
  plugins: [values(), shell()],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, cssCodeSplit: false, sourcemap: false,
    rollupOptions: {
      input: { app: 'index.html', sw: 'src/worker/sw.ts' },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8088', '/auth': 'http://127.0.0.1:8088' } },
});
