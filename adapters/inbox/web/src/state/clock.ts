// The time of the agent. Countdowns run on the device against it; every answer that carries `now` sets it right.
import { signal } from '@preact/signals';

let offset = 0;
export const now = signal(Date.now()); // milliseconds; moves once a second while somebody can see it
export function setClock(serverNow: string | undefined): void {
  const server = serverNow ? Date.parse(serverNow) : NaN;
  if (Number.isFinite(server)) { offset = server - Date.now(); now.value = server; }
}
const tick = () => { now.value = Date.now() + offset; };
setInterval(() => { if (document.visibilityState === 'visible') tick(); }, 1000);
document.addEventListener('visibilitychange', tick);
