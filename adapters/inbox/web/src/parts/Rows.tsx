// Rows of one section. Only those near the window are in the page; the rest is room above and below, so that 500 cost as much as 30.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

const guess = 96, margin = 500;
export function Rows({ threads, cursor, label, draw }: { threads: string[]; cursor: string; label: string; draw: (thread: string) => ComponentChildren }) {
  const ref = useRef<HTMLUListElement>(null), heights = useRef(new Map<string, number>());
  const [range, setRange] = useState<[number, number]>([0, 24]);
  const high = (thread: string | undefined) => (thread === undefined ? 0 : heights.current.get(thread) ?? guess);
  const sum = (from: number, to: number) => { let n = 0; for (let i = from; i < to; i++) n += high(threads[i]); return n; };

  const look = () => {
    const list = ref.current;
    if (!list) return;
    const top = list.getBoundingClientRect().top, above = -top - margin, below = -top + window.innerHeight + margin;
    let y = 0, first = 0, last = 0;
    for (let i = 0; i < threads.length; i++) {
      const h = high(threads[i]);
      if (y + h < above) first = i + 1;
      if (y <= below) last = i + 1;
      y += h;
    }
    last = Math.max(last, Math.min(first + 1, threads.length)); // one to come back to
    setRange((was) => (was[0] === first && was[1] === last ? was : [first, last]));
  };
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    let frame = 0;
    const later = () => { frame ||= requestAnimationFrame(() => { frame = 0; latest.current(); }); };
    document.addEventListener('scroll', later, { capture: true, passive: true });
    window.addEventListener('resize', later);
    later();
    return () => { cancelAnimationFrame(frame); document.removeEventListener('scroll', later, true); window.removeEventListener('resize', later); };
  }, []);

  const at = cursor ? threads.indexOf(cursor) : -1;
  let first = Math.min(range[0], Math.max(threads.length - 1, 0)), last = Math.min(Math.max(range[1], first + 1), threads.length);
  if (at >= 0 && (at < first || at >= last)) { first = Math.max(0, at - 6); last = Math.min(threads.length, at + 7); }
  useLayoutEffect(() => {
    const list = ref.current;
    if (!list) return;
    for (const item of list.querySelectorAll<HTMLElement>('[data-item]')) heights.current.set(item.dataset['item'] ?? '', item.offsetHeight);
    list.style.setProperty('padding-block', `${sum(0, first)}px ${sum(last, threads.length)}px`);
    latest.current();
  });
  useLayoutEffect(() => {
    if (at < 0) return;
    const link = ref.current?.querySelector<HTMLElement>(`[data-thread="${CSS.escape(cursor)}"]`);
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: 'nearest' });
  }, [cursor]);

  return (
    <ul ref={ref} class="rows" role="list" aria-label={label}>
      {threads.slice(first, last).map((thread, i) => <li key={thread} data-item={thread} aria-posinset={first + i + 1} aria-setsize={threads.length}>{draw(thread)}</li>)}
    </ul>
  );
}
