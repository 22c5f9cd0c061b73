// Who is here. The gate is open with a session and locked without one; locking forgets everything.
import { signal } from '@preact/signals';
import { get, onLocked, post, sessionOrWays, setCsrf, Failure } from '../api/client';
import type { Action, PhoneEntry, Session, SignInWays } from '../api/types';
import { drop } from './drop';

export type Gate = 'loading' | 'open' | 'locked' | 'away';
export type Why = 'start' | 'idle' | 'left' | 'changed';
export const session = signal<Session | null>(null);
export const ways = signal<SignInWays | null>(null);
export const gate = signal<Gate>('loading');
export const why = signal<{ why: Why; minutes: number }>({ why: 'start', minutes: 0 });
// How much waits, without a name (decisions D25): may be shown on a locked screen.
export const atLock = signal<{ waiting: number; overdue: number } | null>(null);
export const may = (action: Action): boolean => session.value?.may.includes(action) ?? false;

const treeKey = 'phone-tree';
export function phoneTree(): PhoneEntry[] {
  if (ways.value) return ways.value.phone_tree;
  try { return JSON.parse(localStorage.getItem(treeKey) ?? '[]') as PhoneEntry[]; } catch { return []; }
}

export function enter(s: Session): void {
  setCsrf(s.csrf);
  session.value = s;
  why.value = { why: 'start', minutes: 0 };
  gate.value = 'open';
  watchIdle(s.idle_s);
}

// Asks who is here: at the start, and on the locked screen when the agent comes back.
export async function begin(): Promise<void> {
  try {
    const answer = await sessionOrWays<Session, SignInWays>();
    if ('session' in answer) { enter(answer.session); return; }
    ways.value = answer.ways;
    try { localStorage.setItem(treeKey, JSON.stringify(answer.ways.phone_tree)); } catch { /* shown while there is contact */ }
    gate.value = 'locked';
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    gate.value = 'away';
  }
}

// Locked here, whatever the agent says: the session's cookie is given back as soon as it can be.
export function lock(reason: Why, tellAgent = true): void {
  if (gate.value !== 'open') return;
  why.value = { why: reason, minutes: Math.round((session.value?.idle_s ?? 0) / 60) };
  if (tellAgent) void post('/auth/logout', {}).catch(() => {});
  setCsrf('');
  clearInterval(idle);
  drop();
  session.value = null;
  gate.value = 'locked';
  if (!ways.value) void begin();
}
onLocked(() => lock('idle', false));

// Does the agent still know us? A restart forgets every session, and an event stream that was refused does not say why.
export async function stillIn(): Promise<void> {
  if (gate.value !== 'open') return;
  try {
    const answer = await sessionOrWays<Session, SignInWays>();
    if ('session' in answer || gate.value !== 'open') return;
    ways.value = answer.ways;
    lock('changed', false);
  } catch (e) { if (!(e instanceof Failure)) throw e; }
}

// Idle: nobody touched anything for idle_s. While somebody does, the agent is told once a minute.
let idle: ReturnType<typeof setInterval> | undefined, touched = 0, told = 0;
const touch = () => { touched = Date.now(); };
for (const event of ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const) window.addEventListener(event, touch, { passive: true, capture: true });
function check(seconds: number): void {
  if (Date.now() - touched >= seconds * 1000) { lock('idle'); return; }
  if (touched > told && Date.now() - told > 60_000) { told = Date.now(); void get('/auth/session').catch(() => {}); }
}
function watchIdle(seconds: number): void {
  touch();
  told = touched;
  clearInterval(idle);
  idle = setInterval(() => check(seconds), 5000);
}
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && session.value) check(session.value.idle_s);
});
