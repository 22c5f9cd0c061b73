// Buttons. One filled ("main") button a screen. A call is a link, so that it works without the app.
import type { ComponentChildren, JSX } from 'preact';
import { t } from '../i18n';
import { settings } from '../state/settings';
import { desk } from '../state/view';
import { Icon } from './Icon';
import type { IconName } from './icons';

export interface ButtonProps {
  kind?: 'main' | 'quiet' | 'plain';
  big?: boolean; wide?: boolean; icon?: IconName; keyName?: string; off?: boolean; busy?: boolean; type?: 'button' | 'submit';
  onClick?: (event: JSX.TargetedMouseEvent<HTMLButtonElement>) => void;
  children: ComponentChildren; label?: string; pressed?: boolean; class?: string;
}
export function Button({ kind = 'plain', big, wide, icon, keyName, off, busy, type = 'button', onClick, children, label, pressed, class: more }: ButtonProps) {
  const cls = ['btn', kind !== 'plain' && 'btn-' + kind, big && 'btn-big', wide && 'btn-wide', more].filter(Boolean).join(' ');
  return (
    <button type={type} class={cls} disabled={off || busy} aria-busy={busy || undefined} aria-label={label} aria-pressed={pressed} onClick={onClick}>
      {busy ? <Icon name="clock" /> : icon && <Icon name={icon} />}
      {children}
      {keyName && <Hint name={keyName} />}
    </button>
  );
}
// The key of an action, where there is a keyboard and keys are on.
export function Hint({ name }: { name: string }) {
  return desk.value && settings.value.keys ? <kbd aria-hidden="true">{name}</kbd> : null;
}
export function IconButton({ icon, label, onClick, expanded }: { icon: IconName; label: string; onClick: () => void; expanded?: boolean }) {
  return <button type="button" class="icon-btn" aria-label={label} title={label} aria-expanded={expanded} onClick={onClick}><Icon name={icon} /></button>;
}
// A phone number is always one tap away. `who` is left out where the place says it.
export function Call({ phone, who, big, keyName }: { phone: string; who?: string; big?: boolean; keyName?: string }) {
  return (
    <a class={`btn btn-call btn-wide${big ? ' btn-big' : ''}`} href={'tel:' + phone.replace(/[^\d+*#,]/g, '')} data-call>
      <Icon name="phone" />
      {who ? <><span>{t('do.call')} {who}</span><span class="num light">{phone}</span></> : <span class="num">{t('do.call')} {phone}</span>}
      {keyName && <Hint name={keyName} />}
    </a>
  );
}
