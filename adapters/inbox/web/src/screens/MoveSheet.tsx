// The other things that may be done with a referral: each asks only for what its move needs.
import { useEffect, useState } from 'preact/hooks';
import { call, Failure } from '../api/client';
import type { Shown } from '../api/types';
import { code, codes, t, type PlainKey, type ValueSet } from '../i18n';
import { Button } from '../parts/Button';
import { Choice, Field, Select, TimeField } from '../parts/Field';
import type { IconName } from '../parts/icons';
import { Sheet } from '../parts/Sheet';
import { useDraft } from '../parts/useDraft';
import { send } from '../state/outgoing';
import { session } from '../state/session';
import { atDay } from '../words/time';

export type Move = 'info' | 'start' | 'schedule' | 'hold' | 'complete' | 'no-show' | 'cancel' | 'reroute' | 'break_glass';
interface Asks { icon: IconName; name: PlainKey; words?: PlainKey; wordsNeeded?: boolean; time?: { field: 'appointment_at' | 'hold_until'; needed: boolean }; pick?: { field: 'outcome' | 'reason'; set: ValueSet; label: PlainKey }; attempts?: boolean }
export const moves: Record<Move, Asks> = {
  info: { icon: 'speak', name: 'move.info', words: 'move.info_words', wordsNeeded: true },
  start: { icon: 'check', name: 'move.start', words: 'move.note' },
  schedule: { icon: 'cal', name: 'move.schedule', time: { field: 'appointment_at', needed: true }, words: 'move.note' },
  hold: { icon: 'clock', name: 'move.hold', time: { field: 'hold_until', needed: false }, words: 'move.hold_why', wordsNeeded: true },
  complete: { icon: 'check', name: 'move.complete', pick: { field: 'outcome', set: 'outcome', label: 'move.outcome' }, words: 'move.note' },
  'no-show': { icon: 'x', name: 'move.no-show', attempts: true, words: 'move.note' },
  cancel: { icon: 'x', name: 'move.cancel', pick: { field: 'reason', set: 'cancel_reason', label: 'move.cancel_why' }, words: 'move.note' },
  reroute: { icon: 'arrow', name: 'move.reroute' },
  break_glass: { icon: 'key', name: 'move.break_glass' }, // its own sheet: glass/BreakGlass.tsx
};
export const isMove = (m: string): m is Move => m in moves;

function Reroute({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const [list, setList] = useState<{ agency: string; name: string; capacity: string; allowed: boolean; why: string }[] | null>(null), [to, setTo] = useState(''), [wrong, setWrong] = useState('');
  useEffect(() => {
    let here = true;
    call('reroute.list', { thread: shown.thread }).then((a) => { if (here) setList(a.candidates); }).catch((e: unknown) => { if (!(e instanceof Failure)) throw e; if (here) setWrong(e.what); });
    return () => { here = false; };
  }, []);
  const go = () => {
    if (!to) { setWrong(t('move.pick')); return; }
    send('reroute', { thread: shown.thread, to }, { thread: shown.thread, title: t('move.rerouting', { who: shown.row.who.words, agency: list?.find((a) => a.agency === to)?.name ?? to }) });
    onClose();
  };
  return (
    <Sheet title={t('move.reroute')} sub={t('move.reroute_sub')} onClose={onClose} onSubmit={go} foot={<Button kind="main" big wide icon="send" type="submit" off={!list}>{t('move.reroute')}</Button>}>
      <fieldset class="stack"><legend class="vh">{t('move.reroute')}</legend>
        {!list && !wrong && <p class="muted" role="status">{t('loading')}</p>}
        {list?.map((a) => <Choice key={a.agency} name="to" on={to === a.agency} disabled={!a.allowed} onPick={() => setTo(a.agency)} small={a.why}>{a.name}</Choice>)}
        {wrong && <p class="err" role="alert">{wrong}</p>}
      </fieldset>
    </Sheet>
  );
}
export function MoveSheet({ move, shown, onClose }: { move: Move; shown: Shown; onClose: () => void }) {
  const asks = moves[move], [v, change, done] = useDraft(move + ':' + shown.thread, { text: '', day: '', time: '', pick: '', attempts: '' }), [tried, setTried] = useState(false);
  if (move === 'reroute') return <Reroute shown={shown} onClose={onClose} />;
  const needText = !!asks.wordsNeeded && !v.text.trim() || (v.pick === 'OTH' && !v.text.trim()), at = atDay(v.day, v.time, session.value?.agency.tz ?? ''), needTime = !!asks.time && !at && (asks.time.needed || !!v.day || !!v.time), needPick = !!asks.pick && !v.pick;
  const go = () => {
    setTried(true);
    if (needText || needTime || needPick) return;
    send('inbox.act', {
      thread: shown.thread, action: move, name: session.value?.person.name ?? '', ...(v.text.trim() ? { text: v.text.trim() } : {}), ...(asks.time && at ? { [asks.time.field]: at } : {}),
      ...(asks.pick ? { [asks.pick.field]: v.pick } : {}), ...(asks.attempts && Number(v.attempts) > 0 ? { attempts: Number(v.attempts) } : {}),
    }, { thread: shown.thread, title: t('move.doing', { what: t(asks.name), who: shown.row.who.words }) });
    done();
    onClose();
  };
  return (
    <Sheet title={t(asks.name)} sub={shown.row.who.words} onClose={onClose} onSubmit={go}
      foot={<div class="stack"><Button kind="main" big wide icon="send" type="submit">{t(asks.name)}</Button><p class="small muted tc">{t('undo.can')}</p></div>}>
      <div class="stack-3">
        {asks.pick && <Select label={t(asks.pick.label)} value={v.pick} onInput={(pick) => change({ pick })} wrong={tried && needPick ? t('move.pick') : undefined}
          options={[{ value: '', words: t('move.choose') }, ...codes(asks.pick.set).map((c) => ({ value: c, words: code(asks.pick?.set ?? 'outcome', c) }))]} />}
        {asks.time && <div class="pair pair-always"><Field label={t('move.day')} type="date" value={v.day} onInput={(day) => change({ day })} /><TimeField label={t('move.time')} value={v.time} onInput={(time) => change({ time })} wrong={tried && needTime ? t('move.need_time') : undefined} /></div>}
        {asks.attempts && <Field label={t('move.attempts')} inputMode="numeric" value={v.attempts} onInput={(attempts) => change({ attempts })} />}
        {asks.words && <Field label={t(asks.words)} rows={3} value={v.text} onInput={(text) => change({ text })} wrong={tried && needText ? t('move.need_words') : undefined} />}
      </div>
    </Sheet>
  );
}
