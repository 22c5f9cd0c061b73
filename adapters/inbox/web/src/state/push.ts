// Web push on this device: whether it can be, is, and how it is turned on. The agent gets the endpoint; the browser asks the person.
import { signal } from '@preact/signals';
import { call } from '../api/client';
import { fromBase64url, toBase64url } from '../words/base64';

export type Push = 'unknown' | 'never' | 'unset' | 'denied' | 'off' | 'on';
export const push = signal<Push>('unknown');
export async function lookAtPush(vapid: string | null): Promise<void> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) { push.value = 'never'; return; }
  if (!vapid) { push.value = 'unset'; return; }
  if (Notification.permission === 'denied') { push.value = 'denied'; return; }
  const has = await (await navigator.serviceWorker.ready).pushManager.getSubscription();
  push.value = has && Notification.permission === 'granted' ? 'on' : 'off';
}
// Asks the person, then the browser, then tells the agent. A subscription under another key is given up first.
export async function turnOn(vapid: string, label: string): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') { push.value = 'denied'; return; }
  const manager = (await navigator.serviceWorker.ready).pushManager, key = fromBase64url(vapid), had = await manager.getSubscription();
  const under = had?.options?.applicationServerKey;
  if (had && under && toBase64url(under) !== toBase64url(key)) await had.unsubscribe();
  const made = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key }), keys = made.toJSON().keys ?? {};
  await call('channels.add', { kind: 'push', address: made.endpoint, p256dh: keys['p256dh'] ?? '', auth: keys['auth'] ?? '', label });
  push.value = 'on';
}
