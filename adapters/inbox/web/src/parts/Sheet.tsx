// A sheet on a phone, a dialog on a desk: the browser's own <dialog>, so focus stays inside, Esc closes, focus goes back.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { IconButton } from './Button';

export function Sheet({ title, sub, onClose, onBack, onSubmit, children, foot, wide }: {
  title: string; sub?: ComponentChildren; onClose: () => void; onBack?: () => void; onSubmit?: () => void; children: ComponentChildren; foot?: ComponentChildren; wide?: boolean;
}) {
  const ref = useRef<HTMLDialogElement>(null), id = useId();
  useEffect(() => {
    const box = ref.current, before = document.activeElement;
    if (!box) return;
    box.showModal();
    return () => { box.close(); if (before instanceof HTMLElement && before.isConnected) before.focus(); };
  }, []);
  const body = (
    <>
      <div class={`sheet-head${onBack ? ' has-back' : ''}`}>
        {onBack && <IconButton icon="left" label={t('do.back')} onClick={onBack} />}
        <h2 id={id} tabIndex={-1} autofocus>{title}</h2>
        <IconButton icon="x" label={t('do.close')} onClick={onClose} />
      </div>
      {sub && <p class="muted up">{sub}</p>}
      {children}
      {foot && <div class="sheet-foot">{foot}</div>}
    </>
  );
  return (
    <dialog ref={ref} class={`sheet${wide ? ' sheet-wide' : ''}`} aria-labelledby={id}
      onCancel={(e) => { e.preventDefault(); onClose(); }}
      onClick={(e) => { if (e.target === ref.current) onClose(); }}
      onKeyDown={(e) => { if (onSubmit && e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); onSubmit(); } }}>
      {onSubmit
        ? <form class="sheet-body" noValidate onSubmit={(e) => { e.preventDefault(); onSubmit(); }}>{body}</form>
        : <div class="sheet-body">{body}</div>}
    </dialog>
  );
}
