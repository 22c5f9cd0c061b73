// Questions of a screen to the agent. `useAsk` asks when the screen opens and when the question changes, and drops an answer that comes too
// late; `useDo` is one deed at a time, with what went wrong in words.
import { useEffect, useState } from 'preact/hooks';
import { call, Failure, get } from '../api/client';
import type { Op, Ops } from '../api/ops';
import { failureWords } from '../i18n/failure';

export interface Asked<T> { data: T | null; error: Failure | null; again: () => void }
export function useAnswer<T>(question: string | null, ask: () => Promise<T>): Asked<T> {
  const [times, setTimes] = useState(0);
  const [answer, setAnswer] = useState<{ to: string | null; data: T | null; error: Failure | null }>({ to: null, data: null, error: null });
  useEffect(() => {
    if (question === null) return;
    let left = false;
    ask().then(
      (data) => { if (!left) setAnswer({ to: question, data, error: null }); },
      (e: unknown) => {
        if (!(e instanceof Failure)) throw e;
        if (!left) setAnswer((had) => ({ to: question, data: had.to === question ? had.data : null, error: e })); // what was known stays
      },
    );
    return () => { left = true; };
  }, [question, times]);
  const mine = answer.to === question;
  return { data: mine ? answer.data : null, error: mine ? answer.error : null, again: () => setTimes((n) => n + 1) };
}
export const useAsk = <O extends Op>(op: O, body: Ops[O]['in'] | null): Asked<Ops[O]['out']> =>
  useAnswer(body === null ? null : op + JSON.stringify(body), () => call(op, body as Ops[O]['in']));
export const useGet = <T>(path: string | null): Asked<T> => useAnswer(path, () => get<T>(path ?? ''));

export interface Doing { busy: boolean; wrong: string; failure: Failure | null; run: <T>(deed: () => Promise<T>) => Promise<T | null> }
export function useDo(): Doing {
  const [state, set] = useState<{ busy: boolean; failure: Failure | null; wrong: string }>({ busy: false, failure: null, wrong: '' });
  const run = async <T>(deed: () => Promise<T>): Promise<T | null> => {
    set({ busy: true, failure: null, wrong: '' });
    try {
      const out = await deed();
      set({ busy: false, failure: null, wrong: '' });
      return out;
    } catch (e) {
      const failure = e instanceof Failure ? e : null;
      set({ busy: false, failure, wrong: failureWords(e) });
      return null;
    }
  };
  return { ...state, run };
}
