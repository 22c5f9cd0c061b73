// Changing one's own password.
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Field } from '../../parts/Field';
import { Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { useDo } from '../../state/ask';
import { session } from '../../state/session';
import { changePassword } from '../../state/signin';

export function Password({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [old, setOld] = useState(''), [fresh, setFresh] = useState(''), [again, setAgain] = useState(''), [tried, setTried] = useState(false), doing = useDo(), differs = fresh !== again;
  const go = () => {
    setTried(true);
    if (differs || !old || !fresh) return;
    void doing.run(() => changePassword(old, fresh).then(() => true)).then((done) => { if (done) onDone(); });
  };
  return (
    <Sheet title={t('st.password.title')} onClose={onClose} onSubmit={go} foot={<Button big wide kind="main" type="submit" busy={doing.busy}>{t('do.save')}</Button>}>
      <input class="vh" type="text" autocomplete="username" value={session.value?.person.login} readOnly tabIndex={-1} aria-hidden="true" />
      <Field label={t('st.password.old')} type="password" autocomplete="current-password" value={old} onInput={setOld} required />
      <Field label={t('st.password.new')} hint={t('st.password.hint')} type="password" autocomplete="new-password" value={fresh} onInput={setFresh} required />
      <Field label={t('st.password.again')} type="password" autocomplete="new-password" value={again} onInput={setAgain} required wrong={tried && differs ? t('st.password.differs') : ''} />
      {doing.wrong && <Note tone="danger" alert title={doing.wrong} />}
    </Sheet>
  );
}
