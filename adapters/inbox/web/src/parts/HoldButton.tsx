// Two seconds of holding confirms what changes hands. Twin for whoever cannot hold: two steps. Space or Enter may be held too.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n';
import { still } from '../state/view';
import { Button } from './Button';
import { Icon } from './Icon';

export function HoldButton({ children, off, done, onDone, seconds = 2 }: { children: ComponentChildren; off?: ComponentChildren; done?: ComponentChildren; onDone: () => void; seconds?: number }) {
  const ref = useRef<HTMLButtonElement>(null), from = useRef(0), frame = useRef(0);
  const [left, setLeft] = useState(0), [asked, setAsked] = useState(false);
  const paint = (part: number) => ref.current?.style.setProperty('--p', `${(still() ? Math.floor(part * 4) / 4 : part) * 100}%`);
  const stop = () => { cancelAnimationFrame(frame.current); from.current = 0; setLeft(0); paint(0); };
  const step = () => {
    const part = (performance.now() - from.current) / (seconds * 1000);
    if (part >= 1) { stop(); onDone(); return; }
    paint(part);
    setLeft(Math.ceil(seconds * (1 - part)));
    frame.current = requestAnimationFrame(step);
  };
  const start = () => { if (!from.current && !off) { from.current = performance.now(); step(); } };
  useEffect(() => stop, []);
  if (done) return <div class="hold hold-done" role="status"><Icon name="check" />{done}</div>;
  const isKey = (e: KeyboardEvent) => e.key === ' ' || e.key === 'Enter';
  return (
    <div class="stack">
      <button ref={ref} type="button" class="hold" disabled={!!off} onPointerDown={start} onPointerUp={stop} onPointerLeave={stop} onPointerCancel={stop} onBlur={stop}
        onContextMenu={(e) => e.preventDefault()} onKeyDown={(e) => { if (isKey(e)) { e.preventDefault(); start(); } }} onKeyUp={(e) => { if (isKey(e)) stop(); }}>
        <Icon name="hand" />{off ?? (left ? t('hold.keep', { n: left }) : children)}
      </button>
      {!off && (asked
        ? <Button big wide onClick={() => { setAsked(false); onDone(); }}>{t('hold.sure')}</Button>
        : <Button kind="quiet" wide onClick={() => setAsked(true)}>{t('hold.two_steps')}</Button>)}
    </div>
  );
}
