// The frame of an open app: the bar and rail of a desk, the tabs of a phone, and the screen that the path names.
import { computed } from '@preact/signals';
import { t } from '../i18n';
import { roleWords } from '../i18n/role';
import { hm } from '../i18n/time';
import { Button, IconButton } from '../parts/Button';
import { Empty } from '../parts/Note';
import { Icon } from '../parts/Icon';
import { Wide } from '../parts/Layout';
import { go, href, place } from '../router';
import { counts } from '../state/inbox';
import { now } from '../state/clock';
import { contact, hub, live, synced } from '../state/hub';
import { sheet } from '../state/sheet';
import { lock, may, session } from '../state/session';
import { desk } from '../state/view';
import { Banners, ageWords } from './Banners';
import { searching } from './InboxList';
import { KeysSheet, useKeys } from './keys';
import { Outbox } from './Outbox';
import { screens, type Screen } from './index';

const mine = (s: Screen) => (!s.needs || s.needs.some(may)) && (!s.coordinator || session.value?.agency.coordinator === true);
const first = (s: Screen) => (session.value?.agency.coordinator ? s.lead === true : s.nav === 'main');
const waiting = computed(() => counts.value.overdue + counts.value.decide + counts.value.handoff);

export function Live() {
  return <span class="sub"><span class={`live${live.value ? '' : ' live-off'}`} />{live.value ? t('live.up', { time: hm(synced.value || now.value) }) : synced.value ? ageWords(contact.value ? Date.parse(hub.value?.since ?? '') || synced.value : synced.value) : t('live.off')}</span>;
}
function TopBar() {
  const s = session.value;
  return (
    <header class="bar">
      <span class="brand"><Icon name="swap" />{t('app.name')}</span><span class="muted">{s?.agency.name}</span>{s?.test && <span class="chip chip-box chip-warn">{t('test')}</span>}<span class="grow" />
      <Live /><a class="who" href={href('settings')}>{s && [s.person.name, roleWords(s.person)].filter(Boolean).join(', ')}</a>
      <IconButton icon="search" label={t('do.search')} onClick={() => { if (!['', 't'].includes(place.value.screen)) go(''); searching.value = true; }} />
      <Button kind="quiet" icon="lock" onClick={() => lock('left')}>{t('do.lock')}</Button>
    </header>
  );
}
function Nav() {
  const here = place.value.screen === 't' ? '' : place.value.screen, all = screens.filter((s) => s.nav !== 'none' && mine(s)).sort((a, b) => Number(first(b)) - Number(first(a)));
  const main = desk.value ? all : all.filter(first), more = !desk.value;
  return (
    <nav class={desk.value ? 'rail' : 'tabs'} aria-label={t('nav.main')}>
      {main.map((s) => (
        <a key={s.path} href={href(s.path)} aria-current={here === s.path ? 'page' : undefined}>
          <Icon name={s.icon} />{t(s.name)}{s.path === '' && waiting.value > 0 && <span class="badge">{waiting.value}</span>}
        </a>
      ))}
      {more && <a href={href('more')} aria-current={here === 'more' || !main.some((s) => s.path === here) ? 'page' : undefined}><Icon name="more" />{t('nav.more')}</a>}
    </nav>
  );
}
function More() {
  return <Wide><ul class="stack pad">{screens.filter((s) => s.nav !== 'none' && !first(s) && mine(s)).map((s) => <li key={s.path}><a class="choice" href={href(s.path)}><Icon name={s.icon} /><span class="grow">{t(s.name)}</span><Icon name="right" /></a></li>)}</ul></Wide>;
}
function skip(event: Event) {
  event.preventDefault();
  const main = document.getElementById('main');
  main?.setAttribute('tabindex', '-1');
  main?.focus();
}
export function Frame() {
  useKeys();
  const { screen, thread } = place.value, found = screens.find((s) => s.path === screen), Show = found?.show;
  return (
    <div class={desk.value ? 'shell' : 'app'}>
      <a class="skip" href="#main" onClick={skip}>{t('nav.skip')}</a>
      {desk.value && <TopBar />}
      <Banners />
      {desk.value && <Nav />}
      {screen === 'more' ? <More /> : !Show || !found ? <Wide><Empty title={t('not_found')} /></Wide> : mine(found) ? <Show /> : <Wide><Empty title={t('not_yours')} /></Wide>}
      <Outbox />
      {sheet.value === 'keys' && <KeysSheet />}
      {!desk.value && !thread && <Nav />}
    </div>
  );
}
