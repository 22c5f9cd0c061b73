// Server-sent events of the agent: one connection, which the browser resumes with Last-Event-ID; if it gives up, a new one begins after a pause.
// A connection that says nothing for 40 seconds (a clock comes every 15) counts as gone.
import type { Streamed } from './types';

type Hear = { [E in keyof Streamed]: (data: Streamed[E]) => void } & { gone: (refused: boolean) => void };
const names = ['hello', 'thread', 'notice', 'capacity', 'hub', 'clock', 'ended'] as const;

export function listen(hear: Hear): () => void {
  let source: EventSource | null = null, again: ReturnType<typeof setTimeout> | undefined, silence: ReturnType<typeof setTimeout> | undefined;
  let pause = 1000, left = false;
  const alive = () => { clearTimeout(silence); silence = setTimeout(() => { hear.gone(false); begin(); }, 40_000); };
  const begin = () => {
    clearTimeout(again);
    source?.close();
    if (left) return;
    source = new EventSource('/api/v1/events');
    source.onopen = () => { pause = 1000; alive(); };
    source.onerror = () => {
      const refused = source?.readyState === EventSource.CLOSED;
      hear.gone(refused);
      if (refused) { again = setTimeout(begin, pause); pause = Math.min(pause * 2, 15_000); }
    };
    for (const name of names) source.addEventListener(name, (event) => {
      alive();
      let data: unknown;
      try { data = JSON.parse((event as MessageEvent<string>).data); } catch { return; }
      (hear[name] as (d: unknown) => void)(data);
    });
  };
  const back = () => { if (source?.readyState !== EventSource.OPEN) begin(); };
  window.addEventListener('online', back);
  begin();
  return () => { left = true; clearTimeout(again); clearTimeout(silence); window.removeEventListener('online', back); source?.close(); };
}
