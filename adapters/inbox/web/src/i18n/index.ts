// Words for people: `t(key, fills)` in the language in force, `code(set, value)` for coded values, and times and dates as people read them.
import { signal } from '@preact/signals';
import values from 'virtual:values';
import { fill, type Fills } from './fill';
import { all } from './words';

export type Language = 'en' | 'es';
export const language = signal<Language>('en');
export type Key = keyof typeof all;

// Numbers and strings for exactly the names that the English sentence holds.
type Args<K extends Key> = [Fills<(typeof all)[K][0]>] extends [never] ? [] : [{ [N in Fills<(typeof all)[K][0]>]: string | number }];
// Keys whose sentence has nothing to fill in.
export type PlainKey = { [K in Key]: [Fills<(typeof all)[K][0]>] extends [never] ? K : never }[Key];
export function t<K extends Key>(key: K, ...args: Args<K>): string {
  return fill(all[key][language.value === 'es' ? 1 : 0], args[0] as Record<string, string | number> | undefined);
}

export type ValueSet = keyof typeof values;
// The words of a code; an unknown one shows itself rather than nothing.
export function code(set: ValueSet, value: string): string {
  return values[set]?.[value]?.[language.value] ?? value;
}
export const codes = (set: ValueSet, group?: string): string[] =>
  Object.keys(values[set] ?? {}).filter((c) => group === undefined || values[set]?.[c]?.group === group);
// The same in a language that is not in force: a form to be printed for somebody else.
export const tIn = (lang: Language, key: PlainKey): string => all[key][lang === 'es' ? 1 : 0];
export const codeIn = (lang: Language, set: ValueSet, value: string): string => values[set]?.[value]?.[lang] ?? value;
