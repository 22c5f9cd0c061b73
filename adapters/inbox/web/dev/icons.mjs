// Draws public/icon-*.png: the two arrows of public/icon.svg as distances to line segments. Run again after a change of the mark.
import { writeFileSync } from 'node:fs';
import { crc32 as zcrc, deflateSync } from 'node:zlib';

const lines = [[24, 38, 68, 38], [55, 25, 68, 38], [68, 38, 55, 51], [72, 58, 28, 58], [41, 45, 28, 58], [28, 58, 41, 71]]; // on a 96 grid
const ground = [11, 90, 114];
const segment = (px, py, [ax, ay, bx, by]) => {
  const dx = bx - ax, dy = by - ay, h = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(px - ax - dx * h, py - ay - dy * h);
};
const box = (px, py, r) => { const x = Math.max(Math.abs(px - 48) - 48 + r, 0), y = Math.max(Math.abs(py - 48) - 48 + r, 0); return Math.hypot(x, y) - r; };
const table = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
const crc32 = zcrc ?? ((bytes) => { let c = 0xffffffff; for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; });
const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type), data]), out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0); body.copy(out, 4); out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
};
function draw(size, mask) {
  const unit = 96 / size, raw = Buffer.alloc((size * 4 + 1) * size), shrink = mask ? 1.35 : 1; // a maskable icon keeps its mark in the middle
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
    const px = (x + 0.5) * unit, py = (y + 0.5) * unit, at = y * (size * 4 + 1) + 1 + x * 4;
    const sx = 48 + (px - 48) * shrink, sy = 48 + (py - 48) * shrink;
    const ink = Math.max(0, Math.min(1, 0.5 - (Math.min(...lines.map((l) => segment(sx, sy, l))) - 3) / unit / shrink));
    for (let c = 0; c < 3; c++) raw[at + c] = Math.round(ground[c] + (255 - ground[c]) * ink);
    raw[at + 3] = mask ? 255 : Math.round(255 * Math.max(0, Math.min(1, 0.5 - box(px, py, 22) / unit)));
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0); head.writeUInt32BE(size, 4); head[8] = 8; head[9] = 6;
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
for (const [name, size, mask] of [['icon-192', 192, false], ['icon-512', 512, false], ['icon-mask-512', 512, true]]) {
  writeFileSync(new URL(`../public/${name}.png`, import.meta.url), draw(size, mask));
}
