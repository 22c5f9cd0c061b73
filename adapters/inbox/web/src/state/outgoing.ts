// What a person sends. For ten seconds nothing leaves and it can be taken back; then it goes to the agent. If the agent is away it waits,
// sealed on this device, and goes by itself when the agent is back within two minutes; after that the person says so again.
// Closing or locking in between keeps it as a draft. The id is the dedupe key: an answer that was lost does not send twice.
import { signal } from '@preact/signals';
import { call, Failure } from '../api/client';
import type { Op, Ops } from '../api/ops';
import { dropDraft, keepDraft, keptDrafts } from './drafts';
import { t } from '../i18n';
import { saidWords } from '../i18n/failure';
import { announce } from './announce';
import { onDrop } from './drop';
import { again } from './thread';
import { changed } from './inbox';

export type Stage = 'undo' | 'sending' | 'waiting' | 'draft' | 'failed';
export interface Outgoing {
  id: string;
  thread: string; // '' for a new one
  op: Op;
  body: Record<string, unknown>;
  title: string; // "Accepting J. Doe"
  made: number; // device time
  stage: Stage;
  left: number; // seconds, while it can be undone
  why?: string;
  kept: boolean; // sealed on this device
}
export const outgoing = signal<readonly Outgoing[]>([]);
export const UNDO_S = 10, FRESH_MS = 2 * 60_000;
export const ofThread = (thread: string) => outgoing.value.find((o) => o.thread === thread);

// crypto.randomUUID is there only with TLS.
const newId = (): string => {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40;
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80;
  return [...b].map((x) => x.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};
const timers = new Map<string, ReturnType<typeof setInterval>>();
const stopTimer = (id: string) => { clearInterval(timers.get(id)); timers.delete(id); };
const change = (id: string, to: Partial<Outgoing>) => { outgoing.value = outgoing.value.map((o) => (o.id === id ? { ...o, ...to } : o)); };
const find = (id: string) => outgoing.value.find((o) => o.id === id);
const forget = (id: string) => { stopTimer(id); outgoing.value = outgoing.value.filter((o) => o.id !== id); void dropDraft(id); };
onDrop(() => { for (const id of [...timers.keys()]) stopTimer(id); outgoing.value = []; });

// Begins the ten seconds. `undo: false` for what cannot wait (a handoff that was held for two seconds already).
export function send<O extends Op>(op: O, body: Ops[O]['in'], about: { thread: string; title: string; undo?: boolean }): string {
  const id = newId(), undo = about.undo !== false;
  const item: Outgoing = {
    id, thread: about.thread, op, body: { ...(body as Record<string, unknown>), dedupe_key: id }, title: about.title,
    made: Date.now(), stage: undo ? 'undo' : 'sending', left: undo ? UNDO_S : 0, kept: false,
  };
  outgoing.value = [...outgoing.value, item];
  void keepDraft(id, item).then((kept) => { if (kept && find(id)) change(id, { kept }); });
  if (!undo) { void leave(id); return id; }
  const end = Date.now() + UNDO_S * 1000;
  timers.set(id, setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) { if (left !== find(id)?.left) change(id, { left }); return; }
    stopTimer(id);
    void leave(id);
  }, 200));
  return id;
}
export const undo = (id: string): void => {
  if (find(id)?.stage !== 'undo') return;
  forget(id);
  announce(t('out.undone'));
};
export const discard = (id: string): void => { if (find(id)?.stage !== 'sending') forget(id); };
export const sendNow = (id: string): void => { if (find(id)) void leave(id); };

const waiters = new Map<string, (failure: Failure | null) => void>();
// Settles when it was sent (null) or refused (why). Waiting for the agent does not settle it.
export const settled = (id: string): Promise<Failure | null> => new Promise((done) => waiters.set(id, done));
const settle = (id: string, failure: Failure | null) => { waiters.get(id)?.(failure); waiters.delete(id); };

async function leave(id: string): Promise<void> {
  const item = find(id);
  if (!item) return;
  change(id, { stage: 'sending', left: 0 });
  try {
    await call(item.op, item.body as never);
    forget(id);
    settle(id, null);
    announce(t('out.done', { what: item.title }));
    if (item.thread) { changed(item.thread); again(item.thread); }
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    if (!find(id)) return;
    if (e.away || e.kind === 'busy' || e.status === 401) { change(id, { stage: 'waiting' }); return; }
    change(id, { stage: 'failed', why: saidWords(e) });
    settle(id, e);
  }
}
// The agent is back: what is fresh goes, what is old asks.
export function retryWaiting(): void {
  for (const item of outgoing.value) {
    if (item.stage !== 'waiting') continue;
    if (Date.now() - item.made < FRESH_MS) void leave(item.id); else change(item.id, { stage: 'draft' });
  }
}
// Drafts of this person that an earlier time here left behind.
export async function recall(): Promise<void> {
  const kept = await keptDrafts<Outgoing>();
  const known = new Set(outgoing.value.map((o) => o.id));
  outgoing.value = [...outgoing.value, ...kept.filter((o) => !known.has(o.id)).map((o) => ({ ...o, stage: 'draft' as const, left: 0, kept: true }))];
}
