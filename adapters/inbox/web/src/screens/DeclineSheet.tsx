// Decline: a large class, then a fine reason, then who to ask next. The reason travels as a code; people read words.
import { useEffect, useState } from 'preact/hooks';
import type { Shown } from '../api/types';
import { code, codes, t } from '../i18n';
import { Button, Hint } from '../parts/Button';
import { Chip } from '../parts/Chip';
import { Choice, Field } from '../parts/Field';
import { Icon } from '../parts/Icon';
import type { IconName } from '../parts/icons';
import { otherName } from '../parts/rowWords';
import { Sheet } from '../parts/Sheet';
import { send } from '../state/outgoing';
import { session } from '../state/session';
import { settings } from '../state/settings';
import { desk } from '../state/view';

export const declineClasses = ['capacity', 'eligibility', 'clinical', 'client', 'contact', 'legal'] as const;
export type DeclineClass = (typeof declineClasses)[number];
const sign: Record<DeclineClass, IconName> = { capacity: 'bed', eligibility: 'map', clinical: 'heart', client: 'user', contact: 'phone', legal: 'scale' };

function Room({ capacity }: { capacity: string }) {
  if (capacity === 'has') return <Chip tone="ok" box icon="check">{code('capacity_state', 'has')}</Chip>;
  if (capacity === 'none' || capacity === 'divert') return <Chip tone="danger" box icon="x">{code('capacity_state', capacity)}</Chip>;
  if (capacity === 'waitlist') return <Chip tone="warn" box icon="clock">{code('capacity_state', 'waitlist')}</Chip>;
  return <Chip tone="warn" box icon="clock">{capacity === 'stale' ? t('decline.stale') : t('safety.not_known')}</Chip>;
}
function Classes({ value, onPick }: { value: DeclineClass | ''; onPick: (c: DeclineClass) => void }) {
  return (
    <div class={`bigs${desk.value ? ' bigs-3' : ''}`}>
      {declineClasses.map((c) => (
        <button key={c} type="button" class={`big${c === value ? ' is-on' : ''}`} aria-pressed={c === value} data-class={c} onClick={() => onPick(c)}>
          <Icon name={sign[c]} /><span>{t(`decline.${c}`)}</span><small>{t(`decline.${c}_more`)}</small>
        </button>
      ))}
    </div>
  );
}
export function DeclineSheet({ shown, onClose, first = '' }: { shown: Shown; onClose: () => void; first?: DeclineClass | '' }) {
  const agency = otherName(shown.row), [cls, setCls] = useState<DeclineClass | ''>(first), [reason, setReason] = useState(''), [days, setDays] = useState(''), [text, setText] = useState(''), [tried, setTried] = useState(false);
  const [next, setNext] = useState<string[]>(() => shown.next_agencies.filter((a) => a.capacity === 'has').slice(0, 1).map((a) => a.agency));
  const pick = (c: DeclineClass) => { setCls(c); setReason(''); setTried(false); };
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      const at = Number(e.key), target = e.target as HTMLElement;
      if (!settings.value.keys || e.ctrlKey || e.altKey || e.metaKey || (target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'checkbox') || target instanceof HTMLTextAreaElement) return;
      const found = declineClasses[at - 1];
      if (found) { e.preventDefault(); pick(found); }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  const list = cls ? codes('decline_reason', cls).filter((c) => c !== 'OTH' || cls === 'legal') : [], other = reason === 'OTH', waitlist = reason === 'CAP_WAITLIST';
  const wrongDays = waitlist && !(Number(days) >= 0 && days !== '' && Number(days) <= 3650), wrongText = other && !text.trim();
  const go = () => {
    setTried(true);
    if (!cls || !reason || wrongDays || wrongText) return;
    send('inbox.act', {
      thread: shown.thread, action: 'decline', reason_class: cls, reason, name: session.value?.person.name ?? '', ...(session.value?.person.role_words ? { role: session.value.person.role_words } : {}),
      ...(text.trim() ? { text: text.trim() } : {}), ...(waitlist ? { est_days: Number(days) } : {}), ...(next.length ? { alternatives: next } : {}),
    }, { thread: shown.thread, title: t('decline.doing', { who: shown.row.who.words, reason: code('decline_reason', reason).toLowerCase() }) });
    onClose();
  };
  const fine = cls && (
    <>
      <fieldset class="stack">
        <legend class={desk.value ? 'h3' : 'vh'}>{t('decline.what', { class: t(`decline.${cls}`) })}</legend>
        <div class={desk.value ? 'pair pair-tight' : 'stack'}>
          {list.map((c) => <Choice key={c} name="reason" on={c === reason} onPick={() => setReason(c)} small={c === 'CAP_WAITLIST' ? t('decline.asks_days') : c === 'OTH' ? t('decline.asks_words') : undefined}>{code('decline_reason', c)}</Choice>)}
        </div>
      </fieldset>
      {tried && !reason && <p class="err" role="alert"><Icon name="alert" size="s" />{t('decline.pick')}</p>}
      {waitlist && <Field label={t('decline.days')} value={days} onInput={setDays} inputMode="numeric" wrong={tried && wrongDays ? t('decline.need_days') : undefined} autofocus />}
      {other && <Field label={t('decline.words', { agency })} value={text} onInput={setText} rows={3} wrong={tried && wrongText ? t('decline.need_words') : undefined} autofocus />}
      {shown.next_agencies.length > 0 && (
        <fieldset class="stack">
          <legend class="h3">{t('decline.next')}</legend>
          {shown.next_agencies.slice(0, 4).map((a) => (
            <Choice key={a.agency} type="checkbox" name="next" on={next.includes(a.agency)} small={a.why} end={<Room capacity={a.capacity} />}
              onPick={(on) => setNext(on ? [...next, a.agency] : next.filter((x) => x !== a.agency))}>{a.name}</Choice>
          ))}
        </fieldset>
      )}
    </>
  );
  const foot = cls ? (
    <div class="stack">
      <div class={desk.value ? 'acts' : 'stack'}>
        {desk.value && <Button big onClick={onClose}>{t('do.cancel')}</Button>}
        <Button kind="main" big wide icon="send" type="submit">{reason ? t('decline.do', { reason: code('decline_reason', reason).toLowerCase() }) : t('decline.name')}</Button>
      </div>
      {!desk.value && <p class="small muted tc">{t('decline.decides', { agency })} {t('undo.can')}</p>}
    </div>
  ) : <Button kind="quiet" wide onClick={() => { setCls('legal'); setReason('OTH'); }}>{t('decline.other')}</Button>;
  const sub = <>{t('decline.sees', { agency })} {desk.value && <><Hint name="1" /> … <Hint name="6" /></>}</>;
  if (desk.value) return <Sheet title={t('decline.why')} sub={sub} onClose={onClose} onSubmit={go} foot={foot}><Classes value={cls} onPick={pick} />{fine}</Sheet>;
  return cls
    ? <Sheet key="code" title={t(`decline.${cls}`)} onClose={onClose} onBack={() => setCls('')} onSubmit={go} foot={foot}>{fine}</Sheet>
    : <Sheet key="class" title={t('decline.why')} sub={sub} onClose={onClose} foot={foot}><Classes value={cls} onPick={pick} /></Sheet>;
}
