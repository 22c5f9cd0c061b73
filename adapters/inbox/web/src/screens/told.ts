// Whom the policy has told, in words: its names are "target.supervisor", "role:coordinator" and the like.
import { t } from '../i18n';

const known = ['on_call', 'supervisor', 'coordinator', 'privacy_officer', 'it'] as const;
// Each once a minute, however many clocks have told them.
export function onceEach<T extends { tell: string; at: string }>(told: readonly T[]): T[] {
  const key = (x: T) => x.tell + x.at.slice(0, 16);
  return told.filter((x, i) => x.tell && told.findIndex((y) => key(y) === key(x)) === i);
}
export function tellWords(tell: string): string {
  const found = known.find((k) => tell.endsWith(k));
  return found ? t(`tell.${found}`) : tell;
}
