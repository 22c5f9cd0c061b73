// Who is on call now, handing a shift over, and how this person is told.
import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { Rota } from '../../api/types';
import { t } from '../../i18n';
import { when } from '../../i18n/time';
import { Button } from '../../parts/Button';
import { Select } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import { Head, Wide } from '../../parts/Layout';
import { MomentField } from '../../parts/MomentField';
import { Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { Stale, Waiting } from '../../parts/Waiting';
import { useAsk, useDo } from '../../state/ask';
import { now } from '../../state/clock';
import { counts } from '../../state/inbox';
import { session } from '../../state/session';
import { utc } from '../../words/form';
import { wall } from '../../words/local';
import { Channels } from './Channels';
import { Notices } from './Notices';

type Opened = { what: 'take' | 'hand'; rota: Rota };
export function OnCall() {
  const asked = useAsk('oncall.show', {}), [sheet, setSheet] = useState<Opened | null>(null);
  const done = () => { setSheet(null); asked.again(); };
  return (
    <Wide>
      <Head title={t('nav.on_call')} />
      <Stale asked={asked} />
      <div class="page"><div class="aside aside-wide">
        <section class="card" aria-labelledby="oc-who">
          <div class="card-head"><h2 id="oc-who">{t('oc.who')}</h2></div>
          {asked.data ? <ul class="lines">{asked.data.lists.map((r) => <List key={r.list} rota={r} onTake={() => setSheet({ what: 'take', rota: r })} onHand={() => setSheet({ what: 'hand', rota: r })} />)}</ul> : <Waiting asked={asked} />}
        </section>
        <div class="stack-4"><Channels /><Notices /></div>
      </div></div>
      {sheet?.what === 'take' && <Take rota={sheet.rota} onClose={() => setSheet(null)} onDone={done} />}
      {sheet?.what === 'hand' && <Hand rota={sheet.rota} people={asked.data?.people ?? []} onClose={() => setSheet(null)} onDone={done} />}
    </Wide>
  );
}
function List({ rota, onTake, onHand }: { rota: Rota; onTake: () => void; onHand: () => void }) {
  const me = session.value?.person.login, mine = rota.now.some((p) => p.login === me), next = rota.shifts.find((s) => Date.parse(s.from) > now.value && !rota.now.some((p) => p.login === s.login)); // this clock may be a moment behind
  return (
    <li class="rota">
      <div class="grow">
        <h3>{t(`oc.list.${rota.list}`)}</h3>
        {rota.now.length === 0 && <p><b>{t('oc.nobody')}</b><small>{t('oc.nobody.what')}</small></p>}
        {rota.now.map((p) => <p key={p.login}><b><bdi>{p.login === me ? t('oc.you', { name: p.name }) : p.name}</bdi></b><small>{p.until ? t('oc.until', { time: when(p.until) }) : t('oc.open_end')}</small></p>)}
        {next && <small>{t('oc.next', { name: next.name, time: when(next.from) })}</small>}
        {rota.always.length > 0 && <small>{t('oc.always', { names: rota.always.map((p) => p.name).join(', ') })}</small>}
      </div>
      <div class="btns">
        {(rota.now[0]?.phone || rota.phone) && !mine && <a class="btn btn-call" data-call href={'tel:' + (rota.now[0]?.phone || rota.phone).replace(/[^\d+*#,]/g, '')} aria-label={`${t('do.call')} ${rota.now[0]?.name ?? t(`oc.list.${rota.list}`)} ${rota.now[0]?.phone || rota.phone}`}><Icon name="phone" /><span class="num">{rota.now[0]?.phone || rota.phone}</span></a>}
        {mine ? <Button icon="swap" onClick={onHand}>{t('oc.hand')}</Button> : <Button icon="user" onClick={onTake}>{t('oc.take')}</Button>}
      </div>
    </li>
  );
}
function Take({ rota, onClose, onDone }: { rota: Rota; onClose: () => void; onDone: () => void }) {
  const tz = session.value?.agency.tz ?? '', [until, setUntil] = useState(wall(now.peek() + 12 * 3_600_000, tz)), doing = useDo();
  const go = () => void doing.run(() => call('oncall.take', { list: rota.list, ...(until ? { until: utc(until, tz) } : {}) })).then((out) => { if (out) onDone(); });
  return (
    <Sheet title={t('oc.take.head', { list: t(`oc.list.${rota.list}`) })} sub={t('oc.take.what')} onClose={onClose} onSubmit={go}
      foot={<Button big wide kind="main" icon="user" type="submit" busy={doing.busy}>{t('oc.take')}</Button>}>
      <MomentField label={t('oc.take.until')} value={until} onInput={setUntil} />
      {doing.wrong && <Note tone="danger" alert title={doing.wrong} />}
    </Sheet>
  );
}
// The rest of my shift becomes another's.
function Hand({ rota, people, onClose, onDone }: { rota: Rota; people: { login: string; name: string }[]; onClose: () => void; onDone: () => void }) {
  // First whom this list knows, then the others.
  const me = session.value?.person.login, seen = new Map([...rota.always, ...rota.shifts, ...rota.now, ...people].filter((p) => p.login !== me).map((p) => [p.login, p.name]));
  const [to, setTo] = useState([...seen.keys()][0] ?? ''), doing = useDo(), waiting = counts.value;
  const go = () => void doing.run(() => call('oncall.hand_over', { list: rota.list, to })).then((out) => { if (out) onDone(); });
  return (
    <Sheet title={t('oc.hand.head', { list: t(`oc.list.${rota.list}`) })} sub={t('oc.hand.what')} onClose={onClose} onSubmit={go}
      foot={<Button big wide kind="main" icon="swap" type="submit" busy={doing.busy} off={!to}>{t('oc.hand')}</Button>}>
      <Note title={t('oc.hand.now', { n: waiting.overdue + waiting.decide + waiting.handoff, over: waiting.overdue })} />
      <Select label={t('oc.hand.to')} value={to} onInput={setTo} options={[...seen].map(([value, words]) => ({ value, words }))} />
      {doing.wrong && <Note tone="danger" alert title={doing.wrong} />}
    </Sheet>
  );
}
