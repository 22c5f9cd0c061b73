// Small marks with a word: state, urgency, level, the person tile.
import type { ComponentChildren } from 'preact';
import { t } from '../i18n';
import { Icon } from './Icon';
import type { IconName } from './icons';

export function Chip({ tone, box, icon, children }: { tone?: 'danger' | 'warn' | 'ok'; box?: boolean; icon?: IconName; children: ComponentChildren }) {
  return <span class={`chip${tone ? ' chip-' + tone : ''}${box ? ' chip-box' : ''}`}>{icon && <Icon name={icon} size="s" />}{children}</span>;
}
const diamond = 'M6 .8 11.2 6 6 11.2.8 6z';
export function Urgency({ value }: { value: string }) {
  if (value !== 'emergent' && value !== 'urgent' && value !== 'routine') return null;
  return (
    <span class={'urg urg-' + value[0]}>
      <svg viewBox="0 0 12 12" aria-hidden="true"><path class={value === 'emergent' ? 'on' : ''} d={diamond} />{value === 'urgent' && <path class="on" d="M6 .8v10.4L.8 6z" />}</svg>
      {t(`urgency.${value}`)}
    </span>
  );
}
export function Level({ value }: { value: number }) {
  return (
    <span class={'lvl lvl-' + value}>
      <svg viewBox="0 0 22 14" aria-hidden="true">{[0, 1, 2].map((i) => <rect key={i} class={i < value ? 'on' : ''} x={1 + i * 7} y={9 - i * 4} width="5" height={4 + i * 4} rx="1" />)}</svg>
      {value > 0 ? t('level.n', { n: value }) : t('level.none')}
    </span>
  );
}
export function Tile({ initials, age }: { initials: string; age: string }) {
  return <span class="tile">{initials || '?'}{age && <small>{age}</small>}</span>;
}
