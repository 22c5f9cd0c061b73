// How far a message came. Pure.
import type { Marks } from '../api/types';

export const stepNames = ['sent', 'delivered', 'seen', 'acted'] as const;
// The last step whose receipt is here; the steps before it hold with it.
export function reached(marks: Marks): number {
  for (let i = stepNames.length; i > 0; i--) {
    const step = stepNames[i - 1];
    if (step && marks[step]) return i;
  }
  return 0;
}
