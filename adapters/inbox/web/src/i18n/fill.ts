// Puts values into a sentence: `{name}`, and `{n:one|many}` by whether n is one. Pure.
type Name<P extends string> = P extends `${infer N}:${string}` ? N : P;
export type Fills<S extends string> = S extends `${string}{${infer P}}${infer Rest}` ? Name<P> | Fills<Rest> : never;

export function fill(sentence: string, values?: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values?.[name];
    if (value === undefined) return whole;
    return one === undefined ? String(value) : Number(value) === 1 ? one : many ?? '';
  });
}
