// Times in the agency's zone and the person's language.
import { session } from '../state/session';
import { now } from '../state/clock';
import { day as dayOf, hm as hmOf, span, when as whenOf } from '../words/time';
import { language, t } from './index';

const tz = () => session.value?.agency.tz ?? '';
const ms = (at: string | number) => (typeof at === 'number' ? at : Date.parse(at));
export const hm = (at: string | number) => hmOf(ms(at), tz(), language.value);
export const when = (at: string | number) => whenOf(ms(at), now.value, tz(), language.value);
export const day = (at: string | number) => dayOf(ms(at), tz(), language.value);
// "9 min", "2 h 40 min", "3 d 4 h".
export function length(duration: number): string {
  const { d, h, min } = span(duration);
  if (d > 0) return h > 0 ? t('clock.d_h', { d, h }) : t('clock.d', { n: d });
  if (h > 0) return min > 0 ? t('clock.h_min', { h, min }) : t('clock.h', { n: h });
  return min > 0 ? t('clock.min', { n: min }) : t('clock.under');
}
