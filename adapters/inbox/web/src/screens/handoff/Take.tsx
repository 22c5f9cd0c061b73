// Taking a person over: the offer on one side, what the receiver checks on the other, and two seconds of holding.
import { useState } from 'preact/hooks';
import type { Event, Shown } from '../../api/types';
import { t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Choice, Field } from '../../parts/Field';
import { HoldButton } from '../../parts/HoldButton';
import { Actions } from '../../parts/Layout';
import { Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { UndoHere } from '../../parts/UndoBar';
import { rows } from '../../state/inbox';
import { outgoing, send } from '../../state/outgoing';
import { session } from '../../state/session';
import { said } from '../../words/body';
import { checks, momentOf, reportOf, type Check, type Handover } from '../../words/handover';
import { sides } from './Handoff';
import { Changes, Items, items, Party, personOf } from './parts';

export function Take({ shown, h, offer }: { shown: Shown; h: Handover; offer: Event }) {
  const report = reportOf(offer), { from, to } = sides(shown, h), offerer = personOf(offer, report), me = session.value?.person, who = shown.row.who.words;
  const [ticked, setTicked] = useState<ReadonlySet<Check>>(new Set()), [differs, setDiffers] = useState(''), [writing, setWriting] = useState(false), [refusing, setRefusing] = useState(false);
  const [tell, setTell] = useState<ReadonlySet<string>>(new Set());
  const needed = checks(report, differs), left = needed.filter((c) => !ticked.has(c)).length;
  const leaving = outgoing.value.find((o) => o.thread === shown.thread && o.op === 'handoff');
  const others = [...rows.value.values()].filter((r) => r.thread !== shown.thread && r.side === 'to_us' && r.section !== 'done' && r.who.initials !== '?' && r.who.words === who);
  const tick = (c: Check, on: boolean) => { const next = new Set(ticked); if (on) next.add(c); else next.delete(c); setTicked(next); };
  const answer = (phase: 'take' | 'refuse', more: Record<string, unknown>, undo: boolean, title: string) =>
    send('handoff', { thread: shown.thread, phase, place: report['place'] ?? '', name: me?.name ?? '', role: me?.roles[0] ?? '', custody: said(report['custody']) || 'taker', clinical: said(report['clinical']) || 'taker', legal: said(report['legal']), ...more }, { thread: shown.thread, title, undo });
  const take = () => answer('take', { disagreements: differs.trim(), ...(tell.size ? { tell: [...tell] } : {}) }, false, t('ho.sending', { who }));
  return (
    <>
      <Note tone="warn" icon="swap" card={false} title={t('ho.still', { agency: from })}>{t('ho.still.you')}</Note>
      <div class="page">
        {leaving && leaving.stage !== 'undo' && <Note tone={leaving.stage === 'failed' ? 'danger' : 'warn'} icon="clock" alert title={leaving.why ?? t('ho.on_its_way')}>{t('ho.on_its_way.what', { agency: from })}</Note>}
        <div class="halves">
          <section class="card card-pad stack">
            <Party icon="users" title={t('ho.offers', { agency: from })} who={offerer} at={momentOf(offer)} phone={offerer.phone || shown.call?.phone || shown.desk_phone} />
            <Items list={items(report)} />
          </section>
          <section class="card card-pad stack">
            <Party icon="user" title={t('ho.takes', { agency: to })} who={{ name: me?.name ?? '', role: me?.role_words ?? '' }} />
            {needed.map((c) => <Choice key={c} type="checkbox" name={c} on={ticked.has(c)} onPick={(on) => tick(c, on)}>{t(`ho.check.${c}`)}</Choice>)}
            {writing ? <Field label={t('ho.differs.what')} value={differs} onInput={setDiffers} rows={3} autofocus /> : <Button kind="quiet" icon="note" class="start" onClick={() => setWriting(true)}>{t('ho.differs')}</Button>}
          </section>
        </div>
        {others.length > 0 && (
          <section class="card card-pad stack">
            <h3>{t('ho.tell')}</h3><p class="small muted">{t('ho.tell.what')}</p>
            {others.map((r) => <Choice key={r.thread} type="checkbox" name="tell" on={tell.has(r.thread)} onPick={(on) => { const next = new Set(tell); if (on) next.add(r.thread); else next.delete(r.thread); setTell(next); }}>{r.from_name}</Choice>)}
          </section>
        )}
        <Changes shown={shown} h={h} report={report} from={from} to={to} />
        <Button kind="quiet" class="start" onClick={() => setRefusing(true)}>{t('ho.refuse')}</Button>
      </div>
      <div class="act-hold"><Actions one>
        <UndoHere thread={shown.thread} />
        <p class="small muted">{t('ho.record')}</p>
        <HoldButton off={leaving && leaving.stage !== 'failed' ? t(leaving.stage === 'undo' ? 'ho.undo_first' : 'ho.on_its_way') : left > 0 ? t('ho.checks_left', { n: left }) : undefined} onDone={take}>{t('ho.hold')}</HoldButton>
      </Actions></div>
      {refusing && <Refuse from={from} onClose={() => setRefusing(false)} onSend={(reason) => { setRefusing(false); answer('refuse', { reason }, true, t('ho.refusing', { who })); }} />}
    </>
  );
}
function Refuse({ from, onClose, onSend }: { from: string; onClose: () => void; onSend: (reason: string) => void }) {
  const [reason, setReason] = useState(''), [asked, setAsked] = useState(false);
  const go = () => { if (reason.trim()) onSend(reason.trim()); else setAsked(true); };
  return (
    <Sheet title={t('ho.refuse')} sub={t('ho.refuse.what', { agency: from })} onClose={onClose} onSubmit={go}
      foot={<div class="acts"><Button big onClick={onClose}>{t('do.cancel')}</Button><Button big kind="main" type="submit">{t('ho.refuse.send')}</Button></div>}>
      <Field label={t('ho.refuse.why')} value={reason} onInput={setReason} rows={3} required autofocus wrong={asked && !reason.trim() ? t('ho.refuse.need') : ''} />
    </Sheet>
  );
}
