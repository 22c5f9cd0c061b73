// How capacity is said everywhere: the chip, its age, and the store that the event stream keeps true.
import { useEffect } from 'preact/hooks';
import type { Capacity } from '../../api/types';
import { code, codes, t } from '../../i18n';
import { hm, length } from '../../i18n/time';
import { Chip } from '../../parts/Chip';
import { useAsk } from '../../state/ask';
import { now } from '../../state/clock';
import { onCapacity } from '../../state/notices';

export function useCapacity(service?: string) {
  const asked = useAsk('capacity.list', service ? { service } : {});
  useEffect(() => onCapacity(asked.again), []);
  return asked;
}
export const isBed = (service: string) => codes('service', 'bed').includes(service);
export const idOf = (c: Capacity) => c.agency + '.' + c.service;
// Stale by the clock on this device too, so that it is said even when nothing arrives any more.
export const lateBy = (c: Capacity): number => now.value - (Date.parse(c.as_of) + c.ttl_minutes * 60_000);
export const isStale = (c: Capacity): boolean => c.stale || lateBy(c) >= 0;
export function roomWords(c: Pick<Capacity, 'state' | 'count' | 'service'>): string {
  if (c.state === 'none') return t('cap.full');
  if (c.state === 'divert') return t('cap.divert');
  if (c.state === 'waitlist') return t('cap.waitlist');
  return c.count === null || c.count < 0 ? t('cap.has') : isBed(c.service) ? t('cap.beds', { n: c.count }) : t('cap.places', { n: c.count });
}
export function Room({ of: c }: { of: Capacity }) {
  if (isStale(c)) return <Chip tone="warn" box icon="clock">{t('cap.stale')}</Chip>;
  const tone = c.state === 'has' ? 'ok' : c.state === 'waitlist' ? 'warn' : 'danger';
  return <Chip tone={tone} box icon={tone === 'ok' ? 'check' : tone === 'warn' ? 'clock' : 'x'}>{roomWords(c)}</Chip>;
}
export const ago = (at: string) => t('cap.ago', { ago: length(now.value - Date.parse(at)) });
export const updated = (c: Capacity) => t('cap.updated', { time: hm(c.as_of), ago: length(now.value - Date.parse(c.as_of)) });
export const serviceWords = (service: string) => code('service', service);
export const ages = ['0-11', '12-17', '18-25', '26-44', '45-64', '65+'] as const;
// The lines of "who we take": the agency's own words, one a line or between semicolons.
export const takes = (accepts: string): string[] => accepts.split(/[\n;]/).map((l) => l.trim()).filter(Boolean);
