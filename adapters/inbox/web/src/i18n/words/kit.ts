// A set of words: each key with its English and its Spanish side by side, so that neither can be forgotten.
// `{name}` is filled in; `{n:item|items}` picks by whether n is one.
export type Pair = readonly [en: string, es: string];
export const words = <const T extends Record<string, Pair>>(set: T): T => set;
