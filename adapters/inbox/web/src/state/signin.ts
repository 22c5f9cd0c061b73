// The ways in. Each ends with a session, or with what is to be done next.
import { get, post, Failure } from '../api/client';
import type { Session } from '../api/types';
import { assertion } from '../api/webauthn';
import { enter } from './session';

export type Next = { next: 'totp'; ticket: string };
type Answer = Session | Next;
const settle = (answer: Answer): Next | null => {
  if ('next' in answer) return answer;
  remember(answer);
  enter(answer);
  return null;
};
export const byPassword = async (login: string, password: string): Promise<Next | null> => settle(await post<Answer>('/auth/login', { login, password }));
export const byCode = async (ticket: string, code: string): Promise<Next | null> => settle(await post<Answer>('/auth/totp', { ticket, code: code.replace(/\s/g, '') }));
export async function byPasskey(login: string): Promise<Next | null> {
  const options = await post<Record<string, unknown>>('/auth/passkey/options', login ? { login } : {});
  let given: Record<string, unknown>;
  try { given = await assertion((options['publicKey'] ?? options) as Record<string, unknown>); } catch { throw new Failure('passkey', 0, ''); }
  return settle(await post<Answer>('/auth/passkey', { ...given, ...(options['ticket'] ? { ticket: options['ticket'] } : {}) }));
}
export async function changePassword(old: string, fresh: string): Promise<void> {
  await post('/auth/password', { old, new: fresh });
  enter(await get<Session>('/auth/session'));
}

// Who was here last on this device, so that they need not type it again. Staff, no patient.
export interface Last { login: string; name: string; role: string }
const key = 'last-person';
function remember(s: Session): void {
  try { localStorage.setItem(key, JSON.stringify({ login: s.person.login, name: s.person.name, role: s.person.role_words } satisfies Last)); } catch { /* typed again next time */ }
}
export function last(): Last | null {
  try { return JSON.parse(localStorage.getItem(key) ?? 'null') as Last | null; } catch { return null; }
}
export function forgetLast(): void {
  try { localStorage.removeItem(key); } catch { /* nothing kept */ }
}
