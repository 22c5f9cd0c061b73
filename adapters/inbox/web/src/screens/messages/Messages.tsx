// The messages of a thread, oldest first, each with how far it came; and the field to write the next.
import { useEffect, useRef } from 'preact/hooks';
import type { Event, Shown } from '../../api/types';
import { t } from '../../i18n';
import { when } from '../../i18n/time';
import { Button } from '../../parts/Button';
import { Chip } from '../../parts/Chip';
import { Marks } from '../../parts/Marks';
import { Empty, Note } from '../../parts/Note';
import { outgoing } from '../../state/outgoing';
import { content, said, type Fields } from '../../words/body';
import { FileLine } from '../files/FileLine';
import { Compose } from './Compose';
import { useForward } from './Forward';

export function Messages({ shown }: { shown: Shown }) {
  const list = shown.events.filter((e) => e.kind === 'SecureMessage'), end = useRef<HTMLDivElement>(null), forward = useForward(shown);
  const leaving = outgoing.value.filter((o) => o.thread === shown.thread && o.op === 'send' && o.stage !== 'failed');
  useEffect(() => { end.current?.scrollIntoView({ block: 'end' }); }, [list.length, leaving.length]);
  return (
    <>
      <div class="page chat">
        {list.length === 0 && leaving.length === 0 && <Empty title={t('msg.none')}>{t('msg.none.what', { agency: shown.other_name })}</Empty>}
        <ol class="stack-3" aria-live="polite" aria-relevant="additions">
          {list.map((e) => <Said key={e.message} event={e} forward={shown.read_only ? null : forward.open} />)}
          {leaving.map((o) => (
            <li key={o.id} class="bubble bubble-us bubble-leaving">
              <p class="words"><bdi>{said(((o.body['body'] as Fields | undefined)?.['secure_message'] as Fields | undefined)?.['text'])}</bdi></p>
              <p class="bubble-foot"><span class="steps">{o.stage === 'undo' ? t('msg.undo', { n: o.left }) : t('step.waiting')}</span></p>
            </li>
          ))}
        </ol>
        <div ref={end} />
      </div>
      {shown.read_only ? <Note tone="policy" title={t('msg.read_only', { why: shown.read_only })} /> : shown.moves.includes('message') ? <Compose key={shown.thread} shown={shown} /> : <div class="pad"><Note title={t('msg.closed')} /></div>}
      {forward.sheet}
    </>
  );
}
function Said({ event: e, forward }: { event: Event; forward: ((e: Event) => void) | null }) {
  const m = content(e.opened?.body ?? e.body), author = said(m['author_name']) || e.person || '', text = said(m['text']);
  return (
    <li class={`bubble${e.outgoing ? ' bubble-us' : ''}`}>
      <p class="bubble-head"><b><bdi>{e.outgoing ? (author ? t('msg.us', { name: author }) : e.from_name) : [author, e.from_name].filter(Boolean).join(', ')}</bdi></b> <time dateTime={e.at}>{when(e.at)}</time></p>
      {e.refused || e.why ? <p><Chip tone="danger" icon="lock">{e.refused ? t('msg.stopped', { why: e.refused }) : t('msg.hidden', { why: e.why ?? '' })}</Chip></p>
        : e.retracted ? <p class="muted">{t('msg.retracted')}</p> : text ? <p class="words"><bdi>{text}</bdi></p> : null}
      {e.attachments && e.attachments.length > 0 && <ul class="files">{e.attachments.map((f) => <FileLine key={f.number} event={e} file={f} />)}</ul>}
      <p class="bubble-foot">
        {e.entered_at && <span>{t('msg.paper', { time: when(e.at), entered: when(e.entered_at) })}</span>}
        {e.outgoing && !e.refused && <Marks marks={e.marks} />}
        {forward && !e.refused && !e.why && !e.retracted && <Button kind="quiet" icon="arrow" onClick={() => forward(e)}>{t('msg.forward')}</Button>}
      </p>
    </li>
  );
}
