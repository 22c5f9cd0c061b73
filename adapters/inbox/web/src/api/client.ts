// The one way to the agent: `call(op, body)` for operations, `get`/`post` for signing in. Errors are `Failure`, whose kind says what happened.
import { setClock } from '../state/clock';
import { Failure } from './failure';
import type { Op, Ops } from './ops';
import type { ApiError } from './types';

export { Failure };

let csrf = '';
export const setCsrf = (word: string) => { csrf = word; };
let locked: () => void = () => {};
export const onLocked = (then: () => void) => { locked = then; };
let contact: (there: boolean) => void = () => {};
export const onContact = (then: (there: boolean) => void) => { contact = then; };

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (csrf && method !== 'GET') headers['X-Handoff-CSRF'] = csrf;
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 30_000);
  try {
    const answer = await fetch(path, {
      method, headers, body: body === undefined ? null : JSON.stringify(body), credentials: 'same-origin', cache: 'no-store', redirect: 'error', signal: stop.signal,
    });
    contact(true);
    return answer;
  } catch {
    contact(false);
    throw new Failure('away', 0, 'The agent does not answer.');
  } finally {
    clearTimeout(timer);
  }
}

async function read<T>(answer: Response, signingIn: boolean): Promise<T> {
  let json: unknown = null;
  try { json = await answer.json(); } catch { /* said below */ }
  const holds = json !== null && typeof json === 'object';
  if (answer.ok && holds && (json as { ok?: boolean }).ok !== false) {
    setClock((json as { now?: string }).now);
    return json as T;
  }
  if (answer.status === 401 && !signingIn) locked();
  const error = holds ? (json as { error?: ApiError }).error : undefined;
  // A gateway's page instead of an answer: nobody of ours was there.
  if (!error && answer.status >= 500) throw new Failure('away', answer.status, 'The agent does not answer.');
  throw new Failure(error?.kind ?? 'unreadable', answer.status, error?.what ?? answer.statusText, error?.mend, Number(answer.headers.get('Retry-After')) || 0, error?.where);
}

export const call = async <O extends Op>(op: O, body: Ops[O]['in']): Promise<Ops[O]['out']> => read(await ask('POST', '/api/v1/' + op, body), false);
export const get = async <T>(path: string): Promise<T> => read(await ask('GET', path), path.startsWith('/auth/'));
export const post = async <T>(path: string, body: unknown): Promise<T> => read(await ask('POST', path, body), path.startsWith('/auth/'));
export const remove = async <T>(path: string): Promise<T> => read(await ask('DELETE', path), path.startsWith('/auth/'));
// GET /auth/session: a 401 is an answer too, with the ways to sign in.
export async function sessionOrWays<S, W>(): Promise<{ session: S } | { ways: W }> {
  const answer = await ask('GET', '/auth/session');
  if (answer.status === 401) return { ways: (await answer.json()) as W };
  return { session: await read<S>(answer, true) };
}
