// Who is there: this device and its agent (`contact`), the agent and the hub (`hub`). Stale data stays readable and says its age.
import { computed, signal } from '@preact/signals';
import { onContact } from '../api/client';
import type { HubState } from '../api/types';
import { now } from './clock';
import { onDrop } from './drop';

export const contact = signal(true);
export const hub = signal<HubState | null>(null);
export const synced = signal(0); // when what is shown was last known to be true, in the agent's time
export const live = computed(() => contact.value && (hub.value?.connected ?? true));
export const heard = () => { contact.value = true; synced.value = now.peek(); };
onContact((there) => { contact.value = there; });
onDrop(() => { hub.value = null; synced.value = 0; });
