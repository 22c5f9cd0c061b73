// What has not left this device: waiting for the agent, or a draft that asks whether it is still true.
import { t } from '../i18n';
import { when } from '../i18n/time';
import { Button } from '../parts/Button';
import { Chip } from '../parts/Chip';
import { href, threadPath } from '../router';
import { discard, outgoing, sendNow, type Outgoing } from '../state/outgoing';

function Item({ item }: { item: Outgoing }) {
  return (
    <li class="card card-pad stack">
      {item.thread ? <a class="plain" href={href(threadPath(item.thread))}><b>{item.title}</b></a> : <b>{item.title}</b>}
      <p class="small muted">{t('out.saved', { time: when(item.made) })} {item.stage === 'failed' ? item.why : item.stage === 'draft' ? t('out.still_true') : item.kept ? '' : t('out.not_kept')}</p>
      {item.stage === 'waiting' ? <Chip tone="warn" icon="clock">{t('step.waiting')}</Chip> : (
        <div class="line">
          <Button kind="main" icon="send" onClick={() => sendNow(item.id)}>{t('out.send_now')}</Button>
          <Button onClick={() => discard(item.id)}>{t('out.discard')}</Button>
        </div>
      )}
    </li>
  );
}
export function Waiting() {
  const items = outgoing.value.filter((o) => o.stage === 'waiting' || o.stage === 'draft' || o.stage === 'failed');
  if (items.length === 0) return null;
  return (
    <section aria-label={t('step.waiting')}>
      <h2 class="sec">{t('step.waiting')} <span class="n">{items.length}</span></h2>
      <ul class="stack pad-side">{items.map((o) => <Item key={o.id} item={o} />)}</ul>
    </section>
  );
}
