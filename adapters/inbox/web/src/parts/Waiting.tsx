// Stands where an answer will be: that it is asked for, or why it did not come.
import { t } from '../i18n';
import { failureWords } from '../i18n/failure';
import type { Asked } from '../state/ask';
import { Button } from './Button';
import { Note } from './Note';

export function Waiting({ asked }: { asked: Asked<unknown> }) {
  if (!asked.error) return <p class="pad muted" role="status" aria-busy="true">{t('loading')}</p>;
  return <div class="pad"><Note tone="danger" alert title={failureWords(asked.error)} act={<Button icon="refresh" onClick={asked.again}>{t('do.retry')}</Button>} /></div>;
}
// The same, above what was there before.
export function Stale({ asked }: { asked: Asked<unknown> }) {
  return asked.data && asked.error ? <Waiting asked={asked} /> : null;
}
