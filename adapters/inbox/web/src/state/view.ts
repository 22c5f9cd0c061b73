// The shape of the window: `desk` from 900 px, else one column for one thumb.
import { signal } from '@preact/signals';

const wide = matchMedia('(min-width: 900px)');
export const desk = signal(wide.matches);
wide.addEventListener('change', () => { desk.value = wide.matches; });
export const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
