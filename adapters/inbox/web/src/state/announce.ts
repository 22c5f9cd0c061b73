// What a screen reader hears once, politely.
import { signal } from '@preact/signals';

export const announced = signal('');
export function announce(words: string): void {
  announced.value = '';
  setTimeout(() => { announced.value = words; }, 50);
}
