// What there is room for: ours in three big buttons, everybody's in a list. Never about a person.
import { useState } from 'preact/hooks';
import type { Capacity as Item } from '../../api/types';
import { codes, t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Select } from '../../parts/Field';
import { Head, Split, Wide } from '../../parts/Layout';
import { Empty } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { Stale, Waiting } from '../../parts/Waiting';
import { go, href, place } from '../../router';
import { may, session } from '../../state/session';
import { desk } from '../../state/view';
import { Ours } from './Ours';
import { idOf, Room, serviceWords, updated, useCapacity } from './parts';
import { Theirs } from './Theirs';

function Line({ item, on }: { item: Item; on: boolean }) {
  return (
    <a class={`row row-two${on ? ' is-on' : ''}`} href={href('capacity/' + idOf(item))} aria-current={on ? 'true' : undefined}>
      <span><b>{item.ours ? serviceWords(item.service) : <><bdi>{item.name}</bdi>, {serviceWords(item.service).toLowerCase()}</>}</b><small class="muted">{updated(item)}</small></span><Room of={item} />
    </a>
  );
}
export function Capacity() {
  const asked = useCapacity(), at = place.value.tab, [adding, setAdding] = useState(false);
  if (!asked.data) return <Wide><Head title={t('nav.capacity')} /><Waiting asked={asked} /></Wide>;
  const all = asked.data.capacity, ours = all.filter((c) => c.ours), theirs = all.filter((c) => !c.ours), can = may('accept');
  const added = at.startsWith('new.') ? fresh(at.slice(4)) : null;
  const item = added ?? all.find((c) => idOf(c) === at) ?? (desk.value ? ours[0] ?? theirs[0] : undefined);
  const list = (
    <>
      {desk.value ? <h1 class="vh">{t('nav.capacity')}</h1> : <Head title={t('nav.capacity')} />}
      <Stale asked={asked} />
      <h2 class="sec">{t('cap.ours')} <span class="n">{ours.length}</span>{can && <Button kind="quiet" icon="plus" label={t('cap.add')} onClick={() => setAdding(true)}>{desk.value ? '' : t('cap.add')}</Button>}</h2>
      {ours.length === 0 && <p class="pad muted small">{can ? t('cap.none.what') : t('cap.none.asked')}</p>}
      {ours.map((c) => <Line key={idOf(c)} item={c} on={item === c} />)}
      <h2 class="sec">{t('cap.others')} <span class="n">{theirs.length}</span></h2>
      {theirs.length === 0 && <p class="pad muted small">{t('cap.none.others')}</p>}
      {theirs.map((c) => <Line key={idOf(c)} item={c} on={item === c} />)}
    </>
  );
  return (
    <>
      <Split list={list} open={!!at} label={t('nav.capacity')}>
        {!item ? <Empty title={t('cap.none')}>{t('cap.none.what')}</Empty> : item.ours ? <Ours key={idOf(item)} item={item} published={!added} can={can} then={asked.again} /> : <Theirs key={idOf(item)} item={item} />}
      </Split>
      {adding && <Add had={ours.map((c) => c.service)} onClose={() => setAdding(false)} />}
    </>
  );
}
const fresh = (service: string): Item => ({
  agency: session.value?.agency.slug ?? '', name: session.value?.agency.name ?? '', service, state: 'has', count: null, as_of: new Date().toISOString(), ttl_minutes: 60, stale: false, accepts: '', phone: '', ours: true,
});
function Add({ had, onClose }: { had: string[]; onClose: () => void }) {
  const left = codes('service').filter((c) => !had.includes(c)), [service, setService] = useState(left[0] ?? '');
  const next = () => { onClose(); if (service) go('capacity/new.' + service); };
  return (
    <Sheet title={t('cap.add')} onClose={onClose} onSubmit={next} foot={<Button big wide kind="main" type="submit">{t('cap.pick')}</Button>}>
      <Select label={t('cap.service')} value={service} onInput={setService} options={left.map((value) => ({ value, words: serviceWords(value) }))} />
    </Sheet>
  );
}
