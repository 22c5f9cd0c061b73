// What is on its way out: undo bars of threads that are not on the screen, what was refused after its screen was left, and what was just said
// to a screen reader.
import { t } from '../i18n';
import { Button } from '../parts/Button';
import { Note } from '../parts/Note';
import { UndoBar } from '../parts/UndoBar';
import { place } from '../router';
import { announced } from '../state/announce';
import { discard, outgoing } from '../state/outgoing';

export function Outbox() {
  const { thread: here, screen } = place.value, told = ['', 't'].includes(screen); // the list of the inbox has them
  return (
    <div class="outbox">
      {outgoing.value.filter((o) => o.stage === 'undo' && (!here || o.thread !== here)).map((o) => <UndoBar key={o.id} item={o} />)}
      {!told && outgoing.value.filter((o) => o.stage === 'failed').map((o) => <Note key={o.id} tone="danger" alert title={t('out.failed', { what: o.title })} act={<Button onClick={() => discard(o.id)}>{t('out.discard')}</Button>}><p class="small">{o.why}</p></Note>)}
      <p class="vh" role="status">{announced.value}</p>
    </div>
  );
}
