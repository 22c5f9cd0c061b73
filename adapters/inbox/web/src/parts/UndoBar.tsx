// Ten seconds in which nothing has left the device.
import { t } from '../i18n';
import { ofThread, UNDO_S, undo, type Outgoing } from '../state/outgoing';
import { Button } from './Button';

const round = 2 * Math.PI * 16;
export function UndoBar({ item }: { item: Outgoing }) {
  return (
    <div class="undo">
      <span class="ringnum" aria-hidden="true">
        <svg viewBox="0 0 40 40"><circle cx="20" cy="20" r="16" /><circle class="turn" cx="20" cy="20" r="16" stroke-dasharray={round} stroke-dashoffset={round * (1 - item.left / UNDO_S)} /></svg>{item.left}
      </span>
      <p role="status"><b>{item.title}</b><span aria-hidden="true">{t('undo.sends_in', { n: item.left })}</span></p>
      <Button icon="undo" keyName="Z" onClick={() => undo(item.id)}>{t('do.undo')}</Button>
    </div>
  );
}
// The undo bar of this thread, where a tab has its own actions.
export function UndoHere({ thread }: { thread: string }) {
  const item = ofThread(thread);
  return item?.stage === 'undo' ? <UndoBar item={item} /> : null;
}
