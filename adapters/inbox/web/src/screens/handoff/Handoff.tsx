// The handoff of an open thread: offered to us (take it or refuse), offered by us (wait), or not yet (offer it). Responsibility passes at
// the take's own time and this screen never says so before the record does.
import { useState } from 'preact/hooks';
import type { Shown } from '../../api/types';
import { t } from '../../i18n';
import { when } from '../../i18n/time';
import { Button, Call } from '../../parts/Button';
import { Actions } from '../../parts/Layout';
import { Marks } from '../../parts/Marks';
import { Empty, Note } from '../../parts/Note';
import { session } from '../../state/session';
import { desk } from '../../state/view';
import { said } from '../../words/body';
import { handover, minutes, momentOf, reportOf, type Handover } from '../../words/handover';
import { Icon } from '../../parts/Icon';
import { OfferForm } from './OfferForm';
import { Changes, Items, items, Party, personOf, type Item } from './parts';
import { Take } from './Take';

export function Handoff({ shown }: { shown: Shown }) {
  const h = handover(shown.events), [again, setAgain] = useState(false);
  if (h.phase === 'offered' && h.offer && !h.offer.outgoing && shown.moves.includes('handoff_take')) return <Take shown={shown} h={h} offer={h.offer} />;
  if (shown.moves.includes('handoff_offer') && (h.phase === '' || again)) return <OfferForm shown={shown} />;
  if (h.phase === '') return <Empty title={t('ho.none')}>{t('ho.none.what')}</Empty>;
  return <Record shown={shown} h={h} again={h.phase === 'refused' && shown.moves.includes('handoff_offer') ? () => setAgain(true) : null} />;
}
export function sides(shown: Shown, h: Handover): { from: string; to: string } {
  const us = session.value?.agency.name ?? '', offered = h.offer ?? h.answer, outgoing = h.offer ? h.offer.outgoing : !h.answer?.outgoing;
  return outgoing ? { from: us, to: h.answer?.from_name || shown.other_name } : { from: offered?.from_name || shown.other_name, to: us };
}
// What stands: waiting, taken or refused.
function Record({ shown, h, again }: { shown: Shown; h: Handover; again: (() => void) | null }) {
  const { from, to } = sides(shown, h), offer = reportOf(h.offer), answer = reportOf(h.answer), at = momentOf(h.answer), after = minutes(h);
  const offerer = personOf(h.offer, offer), answerer = personOf(h.answer, answer), unsent = h.answer?.outgoing === true && !h.answer.marks.sent;
  const did: Item[] = h.phase === 'taken'
    ? [{ words: t('ho.done.with'), kind: 'is' }, said(answer['disagreements']) ? { words: t('ho.done.differs', { words: said(answer['disagreements']) }), kind: 'not' } : { words: t('ho.done.as_offered'), kind: 'is' }, ...(said(answer['condition']) ? [{ words: said(answer['condition']), kind: 'is' as const }] : [])]
    : [{ words: said(answer['reason']) || said(answer['disagreements']), kind: 'not' as const }].filter((i) => i.words);
  return (
    <>
      {h.phase === 'offered' && <Note tone="warn" icon="swap" card={false} title={t('ho.still', { agency: from })}>{h.offer?.outgoing ? t('ho.still.them') : t('ho.still.you')}</Note>}
      {h.phase === 'taken' && <Note tone={unsent ? 'warn' : 'ok'} card={false} title={t('ho.since', { agency: to, time: when(at) })}>{unsent ? t('ho.since.unsent') : after === null ? null : t('ho.since.after', { n: after })}</Note>}
      {h.phase === 'refused' && <Note tone="danger" card={false} title={t('ho.not_taken', { agency: to })}>{t('ho.not_taken.still', { agency: from })}</Note>}
      <div class="page">
        <div class="halves">
          {h.offer && (
            <section class="card card-pad stack">
              <Party icon="users" title={t('ho.offers', { agency: from })} who={offerer} at={momentOf(h.offer)} phone={h.offer.outgoing ? '' : offerer.phone} />
              <Items list={items(offer)} /><p><Marks marks={h.offer.marks} /></p>
            </section>
          )}
          {h.answer && (
            <section class="card card-pad stack">
              <Party icon="user" title={h.phase === 'taken' ? t('ho.took', { agency: to }) : t('ho.refuses', { agency: to })} who={answerer} at={at} phone={h.answer.outgoing ? '' : answerer.phone} />
              <Items list={did} /><p><Marks marks={h.answer.marks} /></p>
            </section>
          )}
        </div>
        {h.offer && <Changes shown={shown} h={h} report={offer} from={from} to={to} />}
      </div>
      {h.phase === 'taken'
        ? <Actions one>{desk.value && <p class="small muted">{t('ho.record')}</p>}<div class="hold hold-done" role="status"><Icon name="check" />{t('ho.responsible_since', { time: when(at) })}</div></Actions>
        : h.offer?.outgoing && <Actions one={!again}>{desk.value && <p class="small muted">{t('ho.record')}</p>}<Call big phone={shown.call?.phone || shown.desk_phone} who={to} />{again && <Button big kind="main" icon="swap" onClick={again}>{t('ho.offer.again')}</Button>}</Actions>}
    </>
  );
}
