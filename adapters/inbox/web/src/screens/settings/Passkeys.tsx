// One's passkeys: listed, added on this device, removed.
import { useState } from 'preact/hooks';
import { post, remove } from '../../api/client';
import { creation, passkeys as canPasskeys } from '../../api/webauthn';
import { t } from '../../i18n';
import { when } from '../../i18n/time';
import { Button } from '../../parts/Button';
import { Field } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import { Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { useDo, useGet } from '../../state/ask';

interface Key { id: string; label: string; added?: string; used?: string | null }
export function Passkeys() {
  const asked = useGet<{ passkeys: Key[] }>('/auth/passkeys'), [adding, setAdding] = useState(false), doing = useDo(), list = asked.data?.passkeys ?? [];
  return (
    <>
      <li><Icon name="key" /><span class="grow"><b>{t('st.passkeys')}</b>{list.length === 0 && <small>{t(canPasskeys() ? 'st.passkeys.none' : 'st.passkeys.never')}</small>}{doing.wrong && <small class="err" role="alert">{doing.wrong}</small>}</span>
        {canPasskeys() && <Button icon="plus" onClick={() => setAdding(true)}>{t('st.passkeys.add')}</Button>}</li>
      {list.map((k) => (
        <li key={k.id}><Icon name="check" /><span class="grow"><b><bdi>{k.label}</bdi></b><small>{[k.added && t('st.passkeys.added', { time: when(k.added) }), k.used && t('st.passkeys.used', { time: when(k.used) })].filter(Boolean).join(', ')}</small></span>
          <Button kind="quiet" label={t('st.passkeys.remove', { label: k.label })} onClick={() => void doing.run(() => remove('/auth/passkeys/' + encodeURIComponent(k.id))).then(asked.again)}>{t('st.remove')}</Button></li>
      ))}
      {adding && <Add onClose={() => setAdding(false)} onDone={() => { setAdding(false); asked.again(); }} />}
    </>
  );
}
function Add({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [label, setLabel] = useState(''), [off, setOff] = useState(false), doing = useDo();
  const go = () => {
    setOff(false);
    void doing.run(async () => {
      const options = await post<Record<string, unknown>>('/auth/passkeys/options', {});
      let made: Record<string, unknown>;
      try { made = await creation((options['publicKey'] ?? options) as Record<string, unknown>); } catch { setOff(true); return null; } // the person or the device said no
      return post('/auth/passkeys', { label: label.trim() || t('oc.push.computer'), ...made });
    }).then((out) => { if (out) onDone(); });
  };
  return (
    <Sheet title={t('st.passkeys.add')} sub={t('st.passkeys.none')} onClose={onClose} onSubmit={go} foot={<Button big wide kind="main" icon="key" type="submit" busy={doing.busy}>{t('st.passkeys.add')}</Button>}>
      <Field label={t('st.passkeys.label')} value={label} onInput={setLabel} />
      {off && <Note tone="warn" alert title={t('st.passkeys.off')} />}
      {doing.wrong && <Note tone="danger" alert title={doing.wrong} />}
    </Sheet>
  );
}
