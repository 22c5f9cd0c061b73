// What went wrong, for a person: in the agent's words where it said something, in the language in force where we have them in it.
import { Failure } from '../api/failure';
import { language, t } from './index';
import { inSpanish } from './said';

const sentence = (words: string): string => (language.value === 'es' ? words.charAt(0).toUpperCase() + words.slice(1) + (/[.?:]$/.test(words) ? '' : '.') : words);
// What the agent said, in the language in force; English that has no Spanish says that it is English.
function inForce(words: string): string {
  if (language.value !== 'es') return words;
  const es = inSpanish(words);
  return es ? sentence(es) : t('error.english', { words });
}
// What to do about it, if anything was said; a hint that we have no Spanish for is left out: it names commands.
export function mendWords(e: Failure): string {
  const mend = e.mend && !e.what.includes(e.mend) ? (language.value === 'es' ? inSpanish(e.mend) : e.mend) : '';
  return mend ? ' ' + sentence(mend) : '';
}
export const saidWords = (e: Failure): string => inForce(e.what) + mendWords(e);
export function failureWords(e: unknown): string {
  if (e instanceof Failure) return e.away ? t('error.network') : saidWords(e);
  return t('error.other', { what: e instanceof Error ? e.message : '' });
}
