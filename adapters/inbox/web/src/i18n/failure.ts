// What went wrong, for a person: in the agent's words where it said something.
import { Failure } from '../api/client';
import { t } from './index';

// What was said may end with its mend already.
export const saidWords = (e: Failure): string => (e.mend && !e.what.includes(e.mend) ? `${e.what} ${e.mend}` : e.what);
export function failureWords(e: unknown): string {
  if (e instanceof Failure) return e.away ? t('error.network') : saidWords(e);
  return t('error.other', { what: e instanceof Error ? e.message : '' });
}
