// When nothing works, and right after: who to call, the form on paper, typing it in, and what came meanwhile.
import { useState } from 'preact/hooks';
import type { CaughtUp } from '../../api/types';
import { t, type Language } from '../../i18n';
import { when } from '../../i18n/time';
import { Button } from '../../parts/Button';
import { Choice } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import { Head, Wide } from '../../parts/Layout';
import { PhoneTree } from '../../parts/PhoneTree';
import { Row } from '../../parts/Row';
import { Waiting } from '../../parts/Waiting';
import { href } from '../../router';
import { useAsk } from '../../state/ask';
import { now } from '../../state/clock';
import { ofPerson } from '../../state/inbox';
import { outage } from '../../state/outage';
import { may } from '../../state/session';
import { settings } from '../../state/settings';
import { Blank } from './Blank';

const SHIFT = 12 * 3_600_000;
export function Downtime() {
  const [language, setLanguage] = useState<Language>(settings.value.language || 'en'), phones = useAsk('phone_tree', {});
  const [after] = useState(() => outage.peek() !== null); // contact is back: what came meanwhile goes first
  return (
    <Wide>
      <Head title={t('nav.downtime')} />
      <div class="page no-print"><div class="aside">
        <div class="stack-4">
          {after && may('view_timeline') && <Came />}
          <section class="stack"><h2 class="h3">{t('pp.phones')}</h2>{phones.data?.phones.length ? <PhoneTree entries={phones.data.phones} /> : <PhoneTree />}</section>
          {!after && may('view_timeline') && <Came />}
        </div>
        <section class="card card-pad stack-3">
          <div><h2 class="h3">{t('pp.form')}</h2><p class="small muted">{t('pp.form.what')}</p></div>
          <fieldset class="pick"><legend>{t('pp.form.language')}</legend><div class="chips">{(['en', 'es'] as const).map((l) => <Choice key={l} name="paper" on={language === l} onPick={() => setLanguage(l)}>{t(`pp.${l}`)}</Choice>)}</div></fieldset>
          <Button icon="file" wide onClick={() => print()}>{t('pp.form.print')}</Button>
          {may('create') && <a class="btn btn-wide" href={href('new/paper')}><Icon name="note" />{t('pp.type')}</a>}
        </section>
      </div></div>
      <Blank lang={language} />
    </Wide>
  );
}
const kinds = ['Referral', 'StatusUpdate', 'SecureMessage', 'HandoffReport', 'FollowUp', 'Correction', 'BreakGlass', 'EncounterNotification'] as const;
const eventWords = (e: CaughtUp['threads'][number]['events'][number]) => t('pp.event', { time: when(e.at), agency: e.from_name, what: t(`pp.k.${kinds.find((k) => k === e.kind) ?? 'other'}`) });
// Since the outage; without one, the time of a shift.
function Came() {
  const [since] = useState(() => outage.peek()?.since ?? now.peek() - SHIFT), asked = useAsk('catch_up', { since: new Date(since).toISOString().slice(0, 19) + 'Z' }), came = asked.data?.threads.filter((x) => ofPerson(x.row)) ?? [];
  return (
    <section class="card" aria-labelledby="pp-came">
      <div class="card-head"><h2 id="pp-came">{t('pp.meanwhile')}</h2><span>{t('pp.meanwhile.since', { time: when(since) })}</span></div>
      {!asked.data ? <Waiting asked={asked} /> : came.length === 0 ? <p class="pad small muted">{t('pp.meanwhile.none')}</p> : (
        <ul class="came">{came.map((x) => <li key={x.thread}><Row row={x.row} /><ul class="came-events">{x.events.map((e) => <li key={e.message}>{eventWords(e)}</li>)}</ul></li>)}</ul>
      )}
      {asked.data?.more && <p class="pad small muted">{t('pp.meanwhile.more')}</p>}
    </section>
  );
}
