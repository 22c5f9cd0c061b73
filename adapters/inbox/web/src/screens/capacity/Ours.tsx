// One service of ours. Each of the three buttons publishes at once: it can be said otherwise as fast.
import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { Capacity } from '../../api/types';
import { t } from '../../i18n';
import { hm, length } from '../../i18n/time';
import { Button } from '../../parts/Button';
import { Field } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import type { IconName } from '../../parts/icons';
import { Head } from '../../parts/Layout';
import { Banner, Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { back, go } from '../../router';
import { useDo } from '../../state/ask';
import { desk } from '../../state/view';
import { idOf, isBed, isStale, lateBy, roomWords, serviceWords, takes } from './parts';

type State = Capacity['state'];
const choices: { state: State; icon: IconName; words: 'cap.has' | 'cap.waitlist' | 'cap.full'; what: 'cap.has.what' | 'cap.waitlist.what' | 'cap.full.what' }[] = [
  { state: 'has', icon: 'check', words: 'cap.has', what: 'cap.has.what' }, { state: 'waitlist', icon: 'clock', words: 'cap.waitlist', what: 'cap.waitlist.what' }, { state: 'none', icon: 'x', words: 'cap.full', what: 'cap.full.what' },
];
export function Ours({ item, published, can, then }: { item: Capacity; published: boolean; can: boolean; then: () => void }) {
  const [count, setCount] = useState(Math.max(0, item.count ?? 0)), [said, setSaid] = useState(''), [editing, setEditing] = useState(false), doing = useDo();
  const stale = published && isStale(item), counted = count > 0 || (item.count ?? 0) > 0;
  const set = (state: State, more: { accepts?: string; phone?: string } = {}) => {
    const n = state === 'has' && count > 0 ? count : undefined;
    void doing.run(() => call('capacity.set', { service: item.service, state, ...(n === undefined ? {} : { count: n }), ttl_minutes: item.ttl_minutes, accepts: item.accepts, phone: item.phone, ...more })).then((done) => {
      if (!done) return;
      setSaid(t('cap.sent', { words: roomWords({ state, count: n ?? null, service: item.service }) }));
      then();
      if (!published) go('capacity/' + idOf(item), true);
    });
  };
  return (
    <>
      {!desk.value && <Head title={t('nav.capacity')} sub={serviceWords(item.service)} onBack={() => back('capacity')} />}
      {stale && (
        <Banner icon="clock" title={t('cap.stale_for', { time: length(Math.max(0, lateBy(item))) })} act={can && <Button busy={doing.busy} onClick={() => set(item.state)}>{t('cap.still')}</Button>}>
          {t('cap.stale.ours', { time: hm(item.as_of) })}
        </Banner>
      )}
      {desk.value && <Head level={2} title={serviceWords(item.service)} sub={t('cap.goes', { n: item.ttl_minutes })} />}
      <div class="page">
        <div class="aside">
          <div class="stack-4">
            <div class="cap" role="group" aria-label={t('cap.state')}>
              {choices.map((c) => {
                const on = published && item.state === c.state;
                return (
                  <button key={c.state} type="button" class={`big${on ? ' is-on' : ''}`} aria-pressed={on} disabled={!can || doing.busy} onClick={() => set(c.state)}>
                    <Icon name={c.icon} /><span>{t(c.words)}</span><small>{t(c.what)}</small>{on && <span class="pick-now"><Icon name="check" size="s" />{t('cap.now')}</span>}
                  </button>
                );
              })}
            </div>
            {can && (
              <div class="card card-pad line">
                <span class="grow"><b>{t(isBed(item.service) ? 'cap.free' : 'cap.free.places')}</b><br /><span class="small muted">{t('cap.optional')}</span></span>
                <div class="stepper">
                  <Button label={t('cap.less')} off={count === 0} onClick={() => setCount(count - 1)}><Icon name="minus" /></Button><output aria-live="polite">{counted ? count : '–'}</output>
                  <Button label={t('cap.more')} onClick={() => setCount(count + 1)}><Icon name="plus" /></Button>
                </div>
              </div>
            )}
            {can && item.state === 'has' && count !== Math.max(0, item.count ?? 0) && <Button kind="main" big busy={doing.busy} onClick={() => set('has')}>{t('cap.send', { words: roomWords({ state: 'has', count: count || null, service: item.service }) })}</Button>}
            {doing.wrong && <Note tone="danger" alert title={doing.wrong} />}
            <p class="small muted" role="status">{said}</p>
          </div>
          <section class="card card-pad stack">
            <h3>{t('cap.take')}</h3>
            {takes(item.accepts).length === 0 && !item.phone && <p class="small muted">{t('cap.take.none')}</p>}
            <ul class="ticks">{takes(item.accepts).map((l) => <li key={l}><Icon name="check" size="s" /><bdi>{l}</bdi></li>)}{item.phone && <li><Icon name="phone" size="s" /><span>{t('cap.dropoff', { phone: item.phone })}</span></li>}</ul>
            {can && published && <Button kind="quiet" class="start" onClick={() => setEditing(true)}>{t('cap.take.edit')}</Button>}
          </section>
        </div>
        {!desk.value && <p class="small muted">{t('cap.goes', { n: item.ttl_minutes })}</p>}
      </div>
      {editing && <Edit item={item} onClose={() => setEditing(false)} onSave={(accepts, phone) => { setEditing(false); set(item.state, { accepts, phone }); }} />}
    </>
  );
}
function Edit({ item, onClose, onSave }: { item: Capacity; onClose: () => void; onSave: (accepts: string, phone: string) => void }) {
  const [lines, setLines] = useState(takes(item.accepts).join('\n')), [phone, setPhone] = useState(item.phone);
  const save = () => onSave(takes(lines).join('; ').slice(0, 200), phone.trim());
  return (
    <Sheet title={t('cap.take')} onClose={onClose} onSubmit={save} foot={<Button big wide kind="main" type="submit">{t('do.save')}</Button>}>
      <Field label={t('cap.take.label')} value={lines} onInput={setLines} rows={5} />
      <Field label={t('cap.phone')} type="tel" inputMode="tel" value={phone} onInput={setPhone} />
    </Sheet>
  );
}
