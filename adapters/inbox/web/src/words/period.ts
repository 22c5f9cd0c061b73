// The period of a report, as days. Pure. `until` is the first day that does not count.
export type Period = 'this_quarter' | 'last_quarter' | 'this_year' | 'own';
const day = (year: number, month: number) => new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
export function period(p: Exclude<Period, 'own'>, today: Date): { since: string; until: string } {
  const year = today.getUTCFullYear(), quarter = Math.floor(today.getUTCMonth() / 3) * 3;
  if (p === 'this_year') return { since: day(year, 0), until: day(year + 1, 0) };
  const from = p === 'last_quarter' ? quarter - 3 : quarter;
  return { since: day(year, from), until: day(year, from + 3) };
}
