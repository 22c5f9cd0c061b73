// files.mjs FOLDER OUT.cc: the files of FOLDER as a C++ table, sorted by path, each with its media type, hash and gzip form. The same
// folder always gives the same source.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const [folder, out] = process.argv.slice(2);
const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.json': 'application/json', '.webmanifest': 'application/manifest+json', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.txt': 'text/plain; charset=utf-8',
};

function paths(dir, prefix = '') {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? paths(join(dir, e.name), `${prefix}${e.name}/`) : [prefix + e.name]));
}

// Octal escapes of three digits end by themselves, whatever follows.
function literal(bytes) {
  let text = '';
  const lines = [];
  for (const b of bytes) {
    text += b === 34 || b === 92 ? '\\' + String.fromCharCode(b) : b >= 32 && b < 127 && b !== 63 ? String.fromCharCode(b) : '\\' + b.toString(8).padStart(3, '0');
    if (text.length > 120) {
      lines.push(`"${text}"`);
      text = '';
    }
  }
  lines.push(`"${text}"`);
  return `{${lines.join('\n')}, ${bytes.length}}`;
}

// Level 9, no name, no time, and byte 9 (the system that packed it) always "unknown".
function gzip(bytes) {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255;
  return packed.length < bytes.length * 0.9 ? packed : Buffer.alloc(0);
}

const rows = paths(folder).filter((p) => !p.endsWith('.map')).sort().map((path) => {
  const type = types[extname(path)];
  if (!type) throw new Error(`${path}: files.mjs has no media type for this`);
  const body = readFileSync(join(folder, path));
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
  const immutable = /^assets\/.*-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(path);  // Vite names these by their content
  return `    {${JSON.stringify(path)}, ${JSON.stringify(type)}, ${literal(body)},\n${literal(gzip(body))},\n${JSON.stringify(etag)}, ${immutable}},\n`;
});
writeFileSync(out, `// Made by files.mjs of the web inbox.
#include "adapters/inbox/assets.h"

namespace adapters::inbox {

std::span<const transport::Asset> all() {
  static constexpr transport::Asset kFiles[] = {
${rows.join('')}  };
  return kFiles;
}

}  // namespace adapters::inbox
`);
