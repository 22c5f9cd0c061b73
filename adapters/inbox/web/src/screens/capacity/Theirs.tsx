// What another agency has room for, and how to ask it before anybody is named.
import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { Capacity } from '../../api/types';
import { t } from '../../i18n';
import { hm, length } from '../../i18n/time';
import { Button, Call } from '../../parts/Button';
import { Select } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import { Head } from '../../parts/Layout';
import { Banner, Note } from '../../parts/Note';
import { back, href } from '../../router';
import { useDo } from '../../state/ask';
import { may } from '../../state/session';
import { desk } from '../../state/view';
import { ages, isStale, lateBy, Room, serviceWords, takes, updated } from './parts';

const urgencies = ['emergent', 'urgent', 'routine'] as const;
export function Theirs({ item }: { item: Capacity }) {
  const [age, setAge] = useState(''), [urgency, setUrgency] = useState('urgent'), [asked, setAsked] = useState(false), doing = useDo();
  const ask = () => void doing.run(() => call('capacity.ask', { to: item.agency, service: item.service, age_band: age, urgency })).then((done) => setAsked(done !== null));
  const can = may('create') || may('accept');
  return (
    <>
      {isStale(item) && <Banner icon="clock" title={t('cap.stale_for', { time: length(Math.max(0, lateBy(item))) })}>{t('cap.stale.theirs', { time: hm(item.as_of) })}</Banner>}
      <Head level={2} title={<bdi>{item.name}</bdi>} sub={serviceWords(item.service)} onBack={desk.value ? undefined : () => back('capacity')}><Room of={item} /></Head>
      <div class="page">
        <div class="aside">
          <div class="stack-4">
            <p class="muted">{updated(item)}</p>
            {item.phone && <Call big phone={item.phone} who={item.name} />}
            {can && (
              <section class="card card-pad stack-3">
                <div><h3>{t('cap.ask')}</h3><p class="small muted">{t('cap.ask.what')}</p></div>
                <div class="halves">
                  <Select label={t('cap.ask.age')} value={age} onInput={setAge} options={[{ value: '', words: t('unknown') }, ...ages.map((value) => ({ value, words: t(`age.${value}`) }))]} />
                  <Select label={t('cap.ask.urgency')} value={urgency} onInput={setUrgency} options={urgencies.map((value) => ({ value, words: t(`urgency.${value}`) }))} />
                </div>
                <Button icon="send" busy={doing.busy} onClick={ask}>{t('cap.ask.send', { agency: item.name })}</Button>
                {doing.wrong && <Note tone="danger" alert title={doing.wrong} />}
                {asked && <Note tone="ok" title={t('cap.asked')} />}
              </section>
            )}
            {may('create') && <a class="btn btn-wide" href={href('new/' + item.agency + '.' + item.service)}><Icon name="plus" />{t('cap.refer')}</a>}
          </div>
          <section class="card card-pad stack">
            <h3>{t('cap.they_take')}</h3>
            {takes(item.accepts).length === 0 ? <p class="small muted">{t('cap.take.none')}</p> : <ul class="ticks">{takes(item.accepts).map((l) => <li key={l}><Icon name="check" size="s" /><bdi>{l}</bdi></li>)}</ul>}
          </section>
        </div>
      </div>
    </>
  );
}
