// A line of help or warning inside a screen, and a banner above it. Policy always names its rule.
import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';
import type { IconName } from './icons';

const sign = { plain: 'note', danger: 'alert', warn: 'tri', ok: 'check', policy: 'lock' } as const;
export function Note({ tone = 'plain', icon, title, children, card = true, alert, act }: {
  tone?: keyof typeof sign; icon?: IconName; title?: ComponentChildren; children?: ComponentChildren; card?: boolean; alert?: boolean; act?: ComponentChildren;
}) {
  return (
    <div class={`note${tone !== 'plain' ? ' note-' + tone : ''}${card && tone !== 'policy' ? ' note-card' : ''}${card ? '' : ' inset'}`} role={alert ? 'alert' : undefined}>
      <Icon name={icon ?? sign[tone]} /><div class="grow">{title && <b>{title}</b>}{children}</div>{act}
    </div>
  );
}
export function Banner({ icon = 'off', title, children, act }: { icon?: IconName; title: string; children?: ComponentChildren; act?: ComponentChildren }) {
  return <div class="banner" role="alert"><Icon name={icon} /><div class="grow"><b>{title}</b>{children}</div>{act}</div>;
}
export function Empty({ title, children, act, ok }: { title: string; children?: ComponentChildren; act?: ComponentChildren; ok?: boolean }) {
  return (
    <div class="empty">
      <svg class="pic" viewBox="0 0 120 84" aria-hidden="true">
        <path d="M14 46h24l9 13h26l9-13h24" /><path d="M27 14h66l13 32v25a5 5 0 0 1-5 5H19a5 5 0 0 1-5-5V46z" />{ok && <path class="pic-ok" d="M50 32l8 8 14-15" />}
      </svg>
      <h2>{title}</h2>{children && <p>{children}</p>}{act}
    </div>
  );
}
