// A new referral: who has room first, then the fields, each with what is wrong with it beside it. Kept sealed on this device until it is sent.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { failureWords } from '../../i18n/failure';
import { Button } from '../../parts/Button';
import { Icon } from '../../parts/Icon';
import { Actions, Head, Wide } from '../../parts/Layout';
import { Note } from '../../parts/Note';
import { go, place } from '../../router';
import { useAsk } from '../../state/ask';
import { now } from '../../state/clock';
import { dropDraft, keepDraft, keptDraft } from '../../state/drafts';
import { discard, outgoing, send, settled } from '../../state/outgoing';
import { session } from '../../state/session';
import { desk } from '../../state/view';
import { empty, fieldOf, missing, toBody, utc, type Form } from '../../words/form';
import { Ask, type Answers } from './ask';
import { Hold, More, Person, Requester, Safety, Why } from './sections';
import { Where } from './Where';

const draft = 'form:referral';
const WEEK = 7 * 86_400_000;
export function NewReferral() {
  const me = session.value, start = useMemo(() => { const [to = '', service = ''] = place.peek().tab.split('.'); return { ...empty({ name: me?.person.name ?? '', phone: '' }), to: service ? to : '', service }; }, []);
  const paper = place.value.tab === 'paper';
  const [form, setForm] = useState<Form>(start), [old, setOld] = useState(false), [wrong, setWrong] = useState<Answers['wrong']>({}), [tried, setTried] = useState(false), [leaving, setLeaving] = useState('');
  const box = useRef<HTMLFormElement>(null), soon = useRef<ReturnType<typeof setTimeout>>();
  const going = outgoing.value.find((o) => o.id === leaving), pre = useAsk('can_send', form.to ? { to: form.to, kind: 'Referral' } : null);
  useEffect(() => { let left = false; void keptDraft<Form>(draft).then((d) => { if (!left && d) { setForm({ ...start, ...d }); setOld(true); } }); return () => { left = true; }; }, []);
  const set = (change: Partial<Form>) => {
    const next = { ...form, ...change };
    setForm(next);
    setWrong((had) => Object.fromEntries(Object.entries(had).filter(([k]) => !(k in change))));
    clearTimeout(soon.current);
    soon.current = setTimeout(() => void keepDraft(draft, next), 400);
  };
  const lacks = missing(form), tz = me?.agency.tz ?? '', written = utc(form.paper_at, tz), late = paper && (!written || now.peek() - Date.parse(written) > WEEK || Date.parse(written) > now.peek() + 60_000);
  const marks: Answers['wrong'] = tried ? { ...Object.fromEntries(lacks.map((k) => [k, t('nr.need')])), ...(late ? { paper_at: t('nr.paper.need') } : {}), ...wrong } : wrong;
  const look = () => queueMicrotask(() => requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-invalid="true"], .pick:has(.err) input, .pick:has(.err) button')?.focus()));
  const over = () => { setForm(empty({ name: me?.person.name ?? '', phone: '' })); setOld(false); setTried(false); setWrong({}); void dropDraft(draft); };
  const submit = () => {
    setTried(true);
    if (lacks.length > 0 || late) { look(); return; }
    const who = form.unknown ? form.descriptor : `${form.given} ${form.family}`.trim();
    const id = send('send', { to: form.to, kind: 'Referral', body: toBody(form, me?.agency.slug ?? '', tz), ...(paper ? { paper_at: written } : {}) }, { thread: '', title: t('nr.sending', { who, agency: form.to }) });
    setLeaving(id);
    void settled(id).then((failure) => {
      if (!failure) { void dropDraft(draft); go(''); return; }
      const field = fieldOf(failure.where) || 'to';
      setWrong({ [field]: failure.what.startsWith('the policy requires this field') ? t('nr.need.policy') : failureWords(failure) });
      discard(id);
      setLeaving('');
      look();
    });
  };
  const answers: Answers = { form, set, wrong: marks };
  return (
    <Wide>
      <Head title={t(paper ? 'nr.paper' : 'nav.new')} sub={lacks.length > 0 ? t('nr.left', { n: lacks.length }) : t('nr.ready')} />
      <form ref={box} class="fill" noValidate autocomplete="off" onSubmit={(e) => { e.preventDefault(); submit(); }}>
        <div class="page"><div class="aside">
          <div class="stack-4">
            {old && <Note icon="note" title={t('nr.draft')} act={<Button kind="quiet" onClick={over}>{t('nr.over')}</Button>} />}
            {paper && <Note tone="warn" icon="file" title={t('nr.paper')}>{t('nr.paper.what')}</Note>}
            {paper && <section class="card card-pad"><Ask.Moment of={answers} name="paper_at" /></section>}
            <Where of={answers} />
            <Person of={answers} /><Why of={answers} /><Safety of={answers} /><Hold of={answers} /><Requester of={answers} /><More of={answers} />
          </div>
          <aside class="card card-pad stack sticky" aria-label={t('nr.check')}>
            <h3>{t('nr.check')}</h3>
            <ul class="ticks">
              <li class={lacks.length ? 'no' : ''}><Icon name={lacks.length ? 'minus' : 'check'} size="s" /><span>{lacks.length ? t('nr.left', { n: lacks.length }) : t('nr.ready')}</span></li>
              {pre.data && <li class={pre.data.allowed ? '' : 'no'}><Icon name={pre.data.allowed ? 'check' : 'lock'} size="s" /><span>{pre.data.allowed ? t('nr.can') : t('nr.cannot')}{pre.data.rules.length > 0 && <><br /><span class="small muted">{t('nr.rules', { rules: pre.data.rules.join(', ') })}</span></>}</span></li>}
            </ul>
            {pre.data && !pre.data.allowed && <Note tone="policy" alert title={pre.data.epoch_key ? pre.data.explanation : t('nr.no_key')} />}
            {tried && (lacks.length > 0 || Object.keys(wrong).length > 0) && <Note tone="danger" alert title={t('nr.fix')} />}
          </aside>
        </div></div>
        <Actions one>{desk.value && <p class="small muted">{lacks.length > 0 ? t('nr.left', { n: lacks.length }) : t('nr.ready')}</p>}<Button big wide kind="main" icon="send" type="submit" busy={going?.stage === 'sending' || going?.stage === 'undo'}>{going?.stage === 'undo' ? t('nr.leaving', { n: going.left }) : t('nr.send')}</Button></Actions>
      </form>
    </Wide>
  );
}
