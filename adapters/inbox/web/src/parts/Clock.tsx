// A countdown against the agent's time: calm, soon, over. Spoken politely, at most once a minute, because its words change once a minute.
import { useComputed } from '@preact/signals';
import type { Clock as Due } from '../api/types';
import { t } from '../i18n';
import { hm, length } from '../i18n/time';
import { now } from '../state/clock';
import { press } from '../words/time';
import { Icon } from './Icon';

export const pressOf = (due: Due) => press(Date.parse(due.from), Date.parse(due.at), now.value);
export function clockWords(due: Due): string {
  const at = Date.parse(due.at), left = at - now.value, how = pressOf(due);
  if (how === 'over') return t('clock.over', { time: length(left) });
  if (how === 'soon') return t('clock.left', { time: length(left + 59_999) });
  return left > 24 * 3_600_000 || due.name === 'contact' || due.name === 'hold:end' ? t('clock.due', { time: hm(due.at) }) : length(left + 59_999);
}
export function Clock({ due, box, live }: { due: Due; box?: boolean; live?: boolean }) {
  const how = useComputed(() => pressOf(due)).value, words = useComputed(() => clockWords(due)).value;
  return (
    <span class={`due due-${how}${how !== 'calm' || box ? ' due-box' : ''}`} role="timer" aria-live={live ? 'polite' : 'off'}>
      <Icon name={how === 'over' ? 'alert' : 'clock'} size="s" />{words}
    </span>
  );
}
