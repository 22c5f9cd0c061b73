// The four steps of a message: sent, delivered, seen, acted. Never ahead of the receipt.
import type { Marks as Steps } from '../api/types';
import { t } from '../i18n';
import { when } from '../i18n/time';
import { reached, stepNames } from '../words/marks';
import { Icon } from './Icon';

export function spoken(marks: Steps): string {
  const n = reached(marks), done = stepNames.slice(0, n).map((s) => t(`step.${s}`)), open = stepNames.slice(n).map((s) => t(`step.${s}`).toLowerCase());
  const first = done.length ? done.map((w, i) => (i ? w.toLowerCase() : w)).join(', ') + '.' : t('step.none') + '.';
  return open.length ? first + ' ' + t('step.not_yet', { steps: open.join(', ') }) : first;
}
// In a row: dots and one word. `word` replaces "Seen 14:33" by what happened, "Accepted 13:52".
export function Marks({ marks, word }: { marks: Steps; word?: string }) {
  const n = reached(marks);
  return (
    <span class="steps">
      <svg viewBox="0 0 58 10" aria-hidden="true">
        {[0, 1, 2, 3].map((i) => <circle key={i} class={i < n ? 'on' : ''} cx={5 + i * 16} cy="5" r="3.8" />)}
        {[0, 1, 2].map((i) => <path key={i} class={i + 1 < n ? 'on' : ''} d={`M${10 + i * 16} 5h6`} />)}
      </svg>
      <span class="vh">{spoken(marks)}</span><b aria-hidden={word ? undefined : 'true'}>{word ?? markWord(marks)}</b>
    </span>
  );
}
export function markWord(marks: Steps): string {
  if (marks.state === 'failed') return t('step.failed');
  const n = reached(marks);
  if (n === 0) return t('step.waiting');
  const step = stepNames[n - 1] ?? 'sent', at = marks[step];
  return t(`step.${step}`) + (at && step !== 'sent' && step !== 'delivered' ? ' ' + when(at) : '');
}
export function MarksBig({ marks }: { marks: Steps }) {
  const n = reached(marks);
  return (
    <ol class="steps-big">
      {stepNames.map((step, i) => {
        const at = marks[step];
        return (
          <li key={step} class={i < n ? 'on' : 'off'}>
            <span class="dot">{i < n && <Icon name="check" />}</span><b>{t(`step.${step}`)}</b>
            <span class="num">{i < n ? (at ? when(at) : '') : step === 'acted' && marks.due ? t('step.due', { time: when(marks.due) }) : <span class="vh">{t('step.not_yet', { steps: t(`step.${step}`).toLowerCase() })}</span>}</span>
          </li>
        );
      })}
    </ol>
  );
}
