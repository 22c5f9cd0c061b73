// Times as people read them: 24 hours, whole minutes. Pure; a time zone and a language are passed in.
export type Lang = 'en' | 'es';
const locale = (lang: Lang) => (lang === 'es' ? 'es-US' : 'en-US');
const made = new Map<string, Intl.DateTimeFormat>();
function format(lang: Lang, tz: string, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = lang + tz + key;
  let found = made.get(id);
  if (!found) {
    try { found = new Intl.DateTimeFormat(locale(lang), { ...options, timeZone: tz || undefined }); }
    catch { found = new Intl.DateTimeFormat(locale(lang), options); } // a zone that this device does not know
    made.set(id, found);
  }
  return found;
}
export const hm = (at: number, tz: string, lang: Lang = 'en') => format(lang, tz, 'hm', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
export const day = (at: number, tz: string, lang: Lang) => format(lang, tz, 'day', { weekday: 'long', day: 'numeric', month: 'long' }).format(at);
export const shortDay = (at: number, tz: string, lang: Lang) => format(lang, tz, 'wd', { weekday: 'short' }).format(at).replace('.', '');
export const date = (at: number, tz: string, lang: Lang) => format(lang, tz, 'date', { day: 'numeric', month: 'short' }).format(at);
const dayKey = (at: number, tz: string) => format('en', tz, 'key', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
export const sameDay = (a: number, b: number, tz: string) => dayKey(a, tz) === dayKey(b, tz);

// "14:37" today, "Thu 14:02" within a week, "3 Nov 14:02" else.
export function when(at: number, now: number, tz: string, lang: Lang): string {
  const time = hm(at, tz, lang);
  if (sameDay(at, now, tz)) return time;
  return (Math.abs(at - now) < 6.5 * 86_400_000 ? shortDay(at, tz, lang) : date(at, tz, lang)) + ' ' + time;
}

export interface Span { d: number; h: number; min: number }
export function span(ms: number): Span {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  return { d: Math.floor(minutes / 1440), h: Math.floor(minutes / 60) % 24, min: minutes % 60 };
}

// How pressing a deadline is. Soon: ten minutes or a quarter of the time left, whichever is longer, unless that is the whole.
export type Press = 'calm' | 'soon' | 'over';
export function press(from: number, at: number, now: number): Press {
  if (now >= at) return 'over';
  const whole = at - from, soon = Math.max(10 * 60_000, whole / 4);
  return at - now <= soon && soon < whole ? 'soon' : 'calm';
}

// "14:55", "1455", "9.05": a time of day as "HH:MM", or nothing.
export function clockTime(typed: string): string {
  const found = /^\s*(\d{1,2})[:.h\s]?(\d\d)?\s*$/.exec(typed) ?? /^\s*(\d\d)(\d\d)\s*$/.exec(typed);
  if (!found) return '';
  const h = Number(found[1]), m = Number(found[2] ?? 0);
  return h < 24 && m < 60 ? String(h).padStart(2, '0') + ':' + String(m).padStart(2, '0') : '';
}
// "14:55" typed in a zone: the next time it is that late, as RFC 3339; up to an hour ago counts as just now.
export function nextAt(typed: string, now: number, tz: string): string {
  const found = /^(\d\d):(\d\d)$/.exec(clockTime(typed));
  if (!found) return '';
  const here = hm(now, tz), [h = '0', m = '0'] = here.split(':');
  let ahead = (Number(found[1]) * 60 + Number(found[2]) - Number(h) * 60 - Number(m)) * 60_000;
  if (ahead < -3_600_000) ahead += 86_400_000;
  return new Date(Math.floor(now / 60_000) * 60_000 + ahead).toISOString();
}
// A day and a time of day in a zone, as RFC 3339: what a person types of an appointment.
export function atDay(dayTyped: string, timeTyped: string, tz: string): string {
  const time = clockTime(timeTyped), guess = Date.parse(`${dayTyped}T${time}:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(dayTyped) || !time || !Number.isFinite(guess)) return ''; // browsers read dates out of nearly anything
  const zone = (at: number) => { // how far the zone is ahead of UTC then
    const p = Object.fromEntries(format('en', tz, 'all', { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(at).map((x) => [x.type, x.value]));
    return Date.parse(`${p['year']}-${p['month']}-${p['day']}T${p['hour']}:${p['minute']}:00Z`) - at;
  };
  const first = guess - zone(guess);
  return new Date(guess - zone(first)).toISOString();
}
