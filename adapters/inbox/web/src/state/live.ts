// Joins the event stream to the stores while somebody is signed in.
import { effect, untracked } from '@preact/signals';
import { get } from '../api/client';
import { listen } from '../api/stream';
import { setClock } from './clock';
import { contact, heard, hub } from './hub';
import { changed, load } from './inbox';
import { tellCapacity, tellNotice } from './notices';
import { retryWaiting } from './outgoing';
import { gate, lock, stillIn } from './session';
import { again, open } from './thread';

let stop: (() => void) | null = null;
function begin(): () => void {
  return listen({
    // A beginning or a beginning again: what was missed is asked for.
    hello: (d) => { setClock(d.now); hub.value = d.hub; heard(); void load(); if (open.value) again(open.value.thread); retryWaiting(); },
    thread: (d) => { heard(); changed(d.thread); again(d.thread); },
    notice: () => { heard(); tellNotice(); if (open.value) again(open.value.thread); },
    capacity: () => { heard(); tellCapacity(); },
    hub: (d) => { heard(); hub.value = d; if (d.connected) retryWaiting(); },
    clock: (d) => { setClock(d.now); heard(); },
    ended: (d) => lock(d.why, false),
    gone: (refused) => { contact.value = false; if (refused) void stillIn(); },
  });
}
export function goLive(): void {
  let was = true;
  effect(() => { // contact is back, by whatever way it showed: what waits goes, what was missed is asked for
    const there = contact.value;
    if (there && !was && gate.peek() === 'open') untracked(() => { void load(); retryWaiting(); });
    was = there;
  });
  window.addEventListener('online', () => { if (gate.peek() === 'open') void get('/auth/session').catch(() => {}); });
  effect(() => {
    const there = gate.value === 'open';
    if (there && !stop) stop = begin();
    if (!there && stop) { stop(); stop = null; }
  });
}
