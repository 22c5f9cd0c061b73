// Accept: all that is known is filled in, so that sending is the second tap.
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, Failure } from '../api/client';
import type { Shown } from '../api/types';
import { t } from '../i18n';
import { hm } from '../i18n/time';
import { Button, Hint } from '../parts/Button';
import { Field, TimeField } from '../parts/Field';
import { Sheet } from '../parts/Sheet';
import { now } from '../state/clock';
import { send } from '../state/outgoing';
import { session } from '../state/session';
import { desk } from '../state/view';
import { clockTime, nextAt } from '../words/time';
import { otherName } from '../parts/rowWords';

// The number to call back and the last places are this desk's, not a person's: kept on the device.
const kept = (key: string): string => { try { return localStorage.getItem(key) ?? ''; } catch { return ''; } };
const keep = (key: string, value: string) => { try { localStorage.setItem(key, value); } catch { /* typed again next time */ } };

const badTime = (typed: string) => typed.trim() !== '' && !clockTime(typed);

export function AcceptSheet({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const me = session.value?.person, row = shown.row, agency = otherName(row);
  const [name, setName] = useState(me ? [me.name, me.role_words].filter(Boolean).join(', ') : ''), [callback, setCallback] = useState(kept('callback'));
  const [place, setPlace] = useState(''), [held, setHeld] = useState(''), [expected, setExpected] = useState(row.expected_at ? hm(row.expected_at) : ''), [text, setText] = useState('');
  const [tried, setTried] = useState(false), deskPhone = useRef(Promise.resolve('')), going = useRef(false);
  useEffect(() => {
    if (callback) return;
    let here = true;
    deskPhone.current = call('oncall.show', {}).then(({ lists }) => {
      const phone = lists.find((l) => l.list === 'on_call')?.phone || lists.find((l) => l.phone)?.phone || '';
      if (here && phone) setCallback((was) => was || phone);
      return phone;
    }).catch((e: unknown) => { if (!(e instanceof Failure)) throw e; return ''; });
    return () => { here = false; };
  }, []);
  const wrong = { name: tried && !name.trim() ? t('accept.need_name') : undefined, callback: tried && !/\d{3}/.test(callback) ? t('accept.need_phone') : undefined, held: tried && badTime(held) ? t('accept.need_time') : undefined, expected: tried && badTime(expected) ? t('accept.need_time') : undefined };
  const go = async () => {
    if (going.current) return;
    going.current = true;
    const number = callback.trim() || await deskPhone.current; // who is quicker than the desk's number waits for it
    going.current = false;
    setTried(true);
    if (!name.trim() || !/\d{3}/.test(number) || badTime(held) || badTime(expected)) return;
    keep('callback', number.trim());
    const [who = '', ...role] = name.split(','), tz = session.value?.agency.tz ?? '';
    const maybe = { place: place.trim(), text: text.trim(), role: role.join(',').trim(), expected_at: nextAt(expected, now.value, tz), hold_until: nextAt(held, now.value, tz) };
    send('inbox.act', { thread: shown.thread, action: 'accept', name: who.trim(), callback: number.trim(), ...Object.fromEntries(Object.entries(maybe).filter(([, v]) => v)) },
      { thread: shown.thread, title: t('accept.doing', { who: row.who.words }) });
    onClose();
  };
  return (
    <Sheet title={t('accept.title', { who: row.who.words })} onClose={onClose} onSubmit={() => void go()} foot={
      <div class="stack">
        <div class={desk.value ? 'acts' : 'stack'}>
          {desk.value && <Button big onClick={onClose}>{t('do.cancel')}</Button>}
          <Button kind="main" big wide icon="send" type="submit">{t('accept.do', { agency })}</Button>
        </div>
        <p class={`small muted${desk.value ? '' : ' tc'}`}>{t('undo.can')} {desk.value && <><Hint name="Ctrl" /> <Hint name="Enter" /></>}</p>
      </div>
    }>
      <div class="stack-3">
        <div class="pair">
          <Field label={t('accept.name')} value={name} onInput={setName} wrong={wrong.name} autocomplete="name" />
          <Field label={t('accept.callback')} value={callback} onInput={setCallback} wrong={wrong.callback} type="tel" inputMode="tel" />
        </div>
        <div class="pair pair-always">
          <Field label={t('accept.place')} value={place} onInput={setPlace} placeholder={t('accept.place_hint')} />
          <TimeField label={t('accept.held')} value={held} onInput={setHeld} wrong={wrong.held} />
        </div>
        <TimeField label={t('accept.expected')} value={expected} onInput={setExpected} wrong={wrong.expected} />
        {desk.value && <Field label={t('accept.note', { agency })} value={text} onInput={setText} placeholder={t('accept.note_hint')} />}
      </div>
    </Sheet>
  );
}
