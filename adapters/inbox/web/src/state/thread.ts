// The open thread: what inbox.show said of it, asked for again when it changes.
import { signal } from '@preact/signals';
import { call, Failure } from '../api/client';
import type { Shown } from '../api/types';
import { onDrop } from './drop';

export interface Open { thread: string; shown: Shown | null; error: Failure | null }
export const open = signal<Open | null>(null);
onDrop(() => { open.value = null; });

export async function show(thread: string): Promise<void> {
  if (open.value?.thread !== thread) open.value = { thread, shown: null, error: null };
  try {
    const shown = await call('inbox.show', { thread });
    if (open.value?.thread === thread) open.value = { thread, shown, error: null };
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    if (open.value?.thread === thread) open.value = { ...open.value, error: e };
  }
}
export const shut = () => { open.value = null; };
// After an event: again, if it is this one.
export const again = (thread: string): void => { if (open.value?.thread === thread) void show(thread); };
