// Passing a message on to a third agency, where the policy allows it.
import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { Event, Shown } from '../../api/types';
import { t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Field, Select } from '../../parts/Field';
import { Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { useAsk, useDo } from '../../state/ask';
import { session } from '../../state/session';

export function useForward(shown: Shown) {
  const [event, setEvent] = useState<Event | null>(null);
  return { open: (e: Event) => setEvent(e), sheet: event && <Forward event={event} shown={shown} onClose={() => setEvent(null)} /> };
}
function Forward({ event, shown, onClose }: { event: Event; shown: Shown; onClose: () => void }) {
  const members = useAsk('directory', {}), [to, setTo] = useState(''), [text, setText] = useState(''), [asked, setAsked] = useState(false), [done, setDone] = useState(''), doing = useDo();
  const us = session.value?.agency.slug, list = (members.data?.members ?? []).filter((m) => m.slug !== us && m.slug !== event.from && m.type !== 'hub' && m.kind !== 'coordinator' && m.standing === 'active');
  const nameFor = (slug: string) => list.find((m) => m.slug === slug)?.display || slug;
  const go = () => {
    if (!to) { setAsked(true); return; }
    void doing.run(() => call('forward', { message: event.message, to, ...(text.trim() ? { text: text.trim() } : {}) })).then((sent) => { if (sent) setDone(nameFor(to)); });
  };
  return (
    <Sheet title={t('msg.forward')} sub={t('msg.forward.what')} onClose={onClose} {...(done ? {} : { onSubmit: go })}
      foot={done ? <Button big wide onClick={onClose}>{t('do.close')}</Button> : <Button big wide kind="main" icon="arrow" type="submit" busy={doing.busy}>{t('msg.forward')}</Button>}>
      {done ? <Note tone="ok" title={t('msg.forward.done', { agency: done })} /> : (
        <>
          <Select label={t('msg.forward.to')} value={to} onInput={setTo} options={[{ value: '', words: '' }, ...list.filter((m) => m.slug !== shown.other).map((m) => ({ value: m.slug, words: m.display || m.slug }))]} {...(asked && !to ? { wrong: t('msg.forward.pick') } : {})} />
          <Field label={t('msg.forward.note')} value={text} onInput={setText} rows={2} />
          {doing.failure && <Note tone={doing.failure.kind === 'denied' ? 'policy' : 'danger'} alert title={doing.wrong} />}
        </>
      )}
    </Sheet>
  );
}
