// The words of the value sets (schemas/values/*.toml), from the files that the agents are built from: {reason: {SI: {group, en, es}, ...}, ...}.
import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../../../schemas/values/', import.meta.url);
const row = /\{code = "([^"]+)", group = "([^"]*)", en = "([^"]*)", es = "([^"]*)"\}/g;
export const readValues = () => Object.fromEntries(readdirSync(folder).filter((f) => f.endsWith('.toml')).map((f) => [
  f.slice(0, -5),
  Object.fromEntries([...readFileSync(new URL(f, folder), 'utf8').matchAll(row)].map(([, code, group, en, es]) => [code, { group, en, es }])),
]));
