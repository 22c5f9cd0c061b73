// Which sheet is open over the thread: so that keys, buttons and the summary open the same one.
import { signal } from '@preact/signals';
import { onDrop } from './drop';

export type SheetName = '' | 'accept' | 'decline' | 'more' | 'keys' | `move:${string}`;
export const sheet = signal<SheetName>('');
export const closeSheet = (): void => { sheet.value = ''; };
onDrop(closeSheet);
