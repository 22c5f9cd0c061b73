// Where this person is told: this device, e-mail. Each can be tested and removed.
import { useEffect, useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { Channel } from '../../api/types';
import { t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Field } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import { Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { Waiting } from '../../parts/Waiting';
import { useAsk, useDo } from '../../state/ask';
import { lookAtPush, push, turnOn } from '../../state/push';
import { session } from '../../state/session';
import { desk } from '../../state/view';

export function Channels() {
  const asked = useAsk('channels.list', {}), [adding, setAdding] = useState(false), [said, setSaid] = useState(''), doing = useDo(), vapid = session.value?.vapid ?? null;
  useEffect(() => { void lookAtPush(vapid); }, [vapid]);
  const done = (words: string) => { setSaid(words); asked.again(); };
  const on = () => void doing.run(() => turnOn(vapid ?? '', t(desk.value ? 'oc.push.computer' : 'oc.push.phone'))).then(() => { if (push.value === 'on') done(t('oc.push.on')); });
  const list = asked.data?.channels ?? [], state = push.value, why = state === 'never' ? t('oc.push.never') : state === 'unset' ? t('oc.push.unset') : state === 'denied' ? t('oc.push.denied') : t('oc.push.what');
  return (
    <section class="card" aria-labelledby="oc-mine">
      <div class="card-head"><h2 id="oc-mine">{t('oc.mine')}</h2></div>
      {asked.data && list.length === 0 && <Note tone="warn" card={false} title={t('oc.none_mine')} />}
      {!asked.data && asked.error && <Waiting asked={asked} />}
      <ul class="lines">
        <li>
          <Icon name="bell" /><span class="grow"><b>{t('oc.push')}</b><small>{state === 'on' ? t('oc.push.on') : why}</small></span>
          {state === 'off' && <Button icon="bell" busy={doing.busy} onClick={on}>{t('oc.push.turn_on')}</Button>}
        </li>
        {list.map((c) => <Line key={c.id} channel={c} onDone={done} />)}
      </ul>
      <div class="pad stack"><Button kind="quiet" icon="plus" class="start" onClick={() => setAdding(true)}>{t('oc.email.add')}</Button>{doing.wrong && <Note tone="danger" alert title={doing.wrong} />}<p class="small muted" role="status">{said}</p></div>
      {adding && <AddEmail onClose={() => setAdding(false)} onDone={() => { setAdding(false); asked.again(); }} />}
    </section>
  );
}
function Line({ channel: c, onDone }: { channel: Channel; onDone: (words: string) => void }) {
  const doing = useDo(), name = c.label || c.address || t(`oc.kind.${c.kind}`);
  const test = () => void doing.run(() => call('channels.test', { id: c.id })).then((out) => { if (out) onDone(out.why || t('oc.tested', { label: name })); });
  const remove = () => void doing.run(() => call('channels.remove', { id: c.id })).then((out) => { if (out) onDone(''); });
  return (
    <li>
      <Icon name={c.kind === 'push' ? 'bell' : c.kind === 'email' ? 'send' : 'phone'} />
      <span class="grow"><b><bdi>{name}</bdi></b><small>{c.off ? t('oc.gone') : [t(`oc.kind.${c.kind}`), c.kind === 'email' && c.address !== name ? c.address : ''].filter(Boolean).join(', ')}</small>{doing.wrong && <small class="err" role="alert">{doing.wrong}</small>}</span>
      <span class="btns">{!c.off && <Button busy={doing.busy} onClick={test}>{t('oc.test')}<span class="vh">: {name}</span></Button>}<Button kind="quiet" label={t('oc.remove.of', { label: name })} onClick={remove}>{t('oc.remove')}</Button></span>
    </li>
  );
}
function AddEmail({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [address, setAddress] = useState(''), [asked, setAsked] = useState(false), doing = useDo(), good = /^[^\s@]+@[^\s@]+$/.test(address.trim());
  const go = () => { if (good) void doing.run(() => call('channels.add', { kind: 'email', address: address.trim(), label: address.trim() })).then((out) => { if (out) onDone(); }); else setAsked(true); };
  return (
    <Sheet title={t('oc.email.add')} sub={t('oc.email.what')} onClose={onClose} onSubmit={go} foot={<Button big wide kind="main" type="submit" busy={doing.busy}>{t('do.save')}</Button>}>
      <Field label={t('oc.email')} type="email" autocomplete="email" value={address} onInput={setAddress} required autofocus wrong={asked && !good ? t('oc.email.need') : doing.wrong} />
    </Sheet>
  );
}
