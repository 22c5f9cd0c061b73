// Open loops: a table on a desk, cards on a phone; each with what to do next. No names, no content.
import { useState } from 'preact/hooks';
import type { LoopRow } from '../../api/types';
import { code, t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Level, Urgency } from '../../parts/Chip';
import { Clock } from '../../parts/Clock';
import { Icon } from '../../parts/Icon';
import { Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { now } from '../../state/clock';
import { desk } from '../../state/view';
import { next, pressing, short, stateOf, type Next } from '../../words/loops';
import { idOf, isStale, Room, useCapacity, ago } from '../capacity/parts';

const tel = (phone: string) => 'tel:' + phone.replace(/[^\d+*#,]/g, '');
function Ticks({ loop }: { loop: LoopRow }) {
  const at = pressing(loop);
  return at ? <Clock due={{ name: at.name, from: new Date(now.peek() - loop.age_s * 1000).toISOString(), at: at.at, phone: false }} /> : <span class="muted small">{t('bd.no_clock')}</span>;
}
const stateWords = (loop: LoopRow) => t(`bd.s.${stateOf(loop)}`);
function Step({ loop, main, onSuggest }: { loop: LoopRow; main: boolean; onSuggest: (loop: LoopRow) => void }) {
  const step: Next = next(loop), agency = loop.responsible === loop.to ? loop.to_name : loop.from_name;
  if (step === 'suggest') return <Button kind={main ? 'main' : 'plain'} onClick={() => onSuggest(loop)}>{t('bd.suggest')}</Button>;
  if (step === 'call') return <a class="btn" data-call href={tel(loop.phone)}><Icon name="phone" />{t('bd.call', { phone: loop.phone })}<span class="vh">, {agency}</span></a>;
  return <span class="muted small">{t('bd.none_needed')}</span>;
}
export function LoopTable({ loops, empty, brief }: { loops: LoopRow[]; empty: string; brief?: boolean }) {
  const [suggest, setSuggest] = useState<LoopRow | null>(null), main = loops.find((l) => next(l) === 'suggest');
  return (
    <>
      {loops.length === 0 ? <p class="pad muted">{empty}</p> : desk.value ? (
        <div class="scroll"><table class="loops">
          <thead><tr>{(['loop', 'parties', 'state', 'clock', 'level', 'next'] as const).map((c) => <th key={c} scope="col">{t(`bd.c.${c}`)}</th>)}</tr></thead>
          <tbody>{loops.map((l) => (
            <tr key={l.thread}>
              <td class="num">{short(l.thread)}<small><Urgency value={l.urgency} /></small></td><td><b><bdi>{l.from_name}</bdi></b><small><bdi>{t('bd.to', { agency: l.to_name })}</bdi></small></td>
              <td>{stateWords(l)}{!brief && <small>{code('service', l.service)}</small>}</td><td><Ticks loop={l} /></td><td><Level value={l.esc_level} /></td><td><Step loop={l} main={l === main} onSuggest={setSuggest} /></td>
            </tr>
          ))}</tbody>
        </table></div>
      ) : (
        <ul>{loops.map((l) => (
          <li key={l.thread} class="row loop-card">
            <b class="row-why"><bdi>{t('bd.from_to', { from: l.from_name, to: l.to_name })}</bdi></b><Ticks loop={l} />
            <span class="row-from">{short(l.thread)}. {stateWords(l)}, {code('service', l.service).toLowerCase()}</span>
            <span class="row-meta"><Urgency value={l.urgency} /><Level value={l.esc_level} /><Step loop={l} main={l === main} onSuggest={setSuggest} /></span>
          </li>
        ))}</ul>
      )}
      {suggest && <Suggest loop={suggest} onClose={() => setSuggest(null)} />}
    </>
  );
}
function Suggest({ loop, onClose }: { loop: LoopRow; onClose: () => void }) {
  const asked = useCapacity(loop.service), all = (asked.data?.capacity ?? []).filter((c) => c.agency !== loop.to && c.agency !== loop.from), free = all.filter((c) => c.state === 'has' && !isStale(c)), rest = all.filter((c) => !free.includes(c));
  const Line = ({ c }: { c: (typeof all)[number] }) => <li><span class="grow"><b><bdi>{c.name}</bdi></b><small>{[ago(c.as_of), c.phone].filter(Boolean).join(', ')}</small></span><Room of={c} /></li>;
  return (
    <Sheet title={t('bd.suggest')} sub={t('bd.suggest.what', { agency: loop.from_name, service: code('service', loop.service) })} onClose={onClose}
      foot={loop.phone && <a class="btn btn-main btn-big btn-wide" data-call href={tel(loop.phone)}><Icon name="phone" />{t('bd.call.of', { agency: loop.from_name, phone: loop.phone })}</a>}>
      {asked.data && free.length === 0 && <Note tone="warn" title={t('bd.suggest.none')} />}
      {free.length > 0 && <ul class="lines card">{free.map((c) => <Line key={idOf(c)} c={c} />)}</ul>}
      {rest.length > 0 && <><h3 class="h3">{t('bd.suggest.rest')}</h3><ul class="lines card">{rest.map((c) => <Line key={idOf(c)} c={c} />)}</ul></>}
    </Sheet>
  );
}
