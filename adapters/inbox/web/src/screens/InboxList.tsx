// The list of the inbox: to us and from us, five sections in the order of what cannot wait, search.
import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import type { Section } from '../api/types';
import { t } from '../i18n';
import { hm } from '../i18n/time';
import { Button, IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { Empty, Note } from '../parts/Note';
import { Row } from '../parts/Row';
import { Rows } from '../parts/Rows';
import { Segment } from '../parts/Segment';
import { place } from '../router';
import { failed, load, loaded, rows } from '../state/inbox';
import { synced } from '../state/hub';
import { cursor, fresh, list, query, settle, side, total, touchList } from '../state/order';
import { lock, session } from '../state/session';
import { desk } from '../state/view';
import { Live } from './Frame';
import { Waiting } from './Waiting';

export const searching = signal(false), doneOpen = signal(false);
export const openSections = (): ReadonlySet<string> => new Set(['overdue', 'decide', 'handoff', 'active', ...(doneOpen.value || query.value ? ['done'] : [])]);

function Search() {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => { ref.current?.focus(); }, []);
  const leave = () => { searching.value = false; query.value = ''; };
  return (
    <div class="search" role="search">
      <label class="input"><Icon name="search" /><span class="vh">{t('inbox.search')}</span>
        <input ref={ref} type="search" autocomplete="off" enterkeyhint="search" placeholder={t('inbox.search')} value={query.value} onInput={(e) => { query.value = e.currentTarget.value; }}
          onKeyDown={(e) => { if (e.key === 'Escape') { e.stopPropagation(); leave(); } }} />
      </label>
      <IconButton icon="x" label={t('do.close')} onClick={leave} />
    </div>
  );
}
function Group({ section, threads }: { section: Section; threads: string[] }) {
  if (threads.length === 0) return null;
  const folded = section === 'done' && !openSections().has('done'), here = place.value.thread, name = t(`section.${section}`);
  return (
    <section aria-label={name}>
      <h2 class={`sec${section === 'overdue' ? ' sec-over' : ''}`}>
        {section === 'overdue' && <Icon name="alert" size="s" />}{name} <span class="n">{threads.length}</span>
        {section === 'done' && !query.value && <Button kind="quiet" onClick={() => { doneOpen.value = !doneOpen.value; }} pressed={doneOpen.value}>{folded ? t('do.show_all') : t('do.hide')}</Button>}
      </h2>
      {!folded && <Rows threads={threads} cursor={cursor.value} label={name} draw={(thread) => {
        const row = rows.value.get(thread);
        return row && <Row row={row} on={thread === here} over={section === 'overdue'} />;
      }} />}
    </section>
  );
}
function Nothing() {
  if (query.value) return <Empty title={t('inbox.nothing_found')}>{t('inbox.search_hint')}</Empty>;
  if (!loaded.value) return failed.value ? <Empty title={t('inbox.not_loaded')} act={<Button icon="refresh" onClick={() => void load()}>{t('do.retry')}</Button>}>{failed.value.what}</Empty> : <Empty title={t('loading')} />;
  return <Empty title={t('inbox.nothing')} ok>{t('inbox.nothing_more', { time: hm(synced.value) })}</Empty>;
}
export function InboxList() {
  const groups = list.value, none = groups.every((g) => g.threads.length === 0);
  return (
    <>
      {!desk.value && (
        <header class="bar">
          <div class="grow"><h1 tabIndex={-1} data-title>{session.value?.agency.name}</h1><Live /></div>
          <IconButton icon="search" label={t('do.search')} onClick={() => { searching.value = true; }} />
          <IconButton icon="lock" label={t('do.lock')} onClick={() => lock('left')} />
        </header>
      )}
      {desk.value && <h1 class="vh" tabIndex={-1} data-title>{t('nav.inbox')}</h1>}
      <div class="list-top">
        {searching.value ? <Search /> : (
          <Segment label={t('inbox.which')} value={side.value} onPick={(v) => { side.value = v; }} controls="rows"
            options={[{ value: 'to_us', words: t('inbox.to_us', { n: total('to_us') }) }, { value: 'from_us', words: t('inbox.from_us', { n: total('from_us') }) }]} />
        )}
      </div>
      <div id="rows" class="rows-box" onPointerMove={touchList} onPointerDown={touchList} onTouchMove={touchList} onWheel={touchList} onFocusCapture={(e) => { touchList(); const at = (e.target as HTMLElement).closest<HTMLElement>('[data-thread]')?.dataset['thread']; if (at) cursor.value = at; }} onKeyDown={touchList}>
        <div role="status" class="fresh-box">{fresh.value > 0 && <button type="button" class="fresh" onClick={settle}><Icon name="down" size="s" />{t('inbox.new', { n: fresh.value })}</button>}</div>
        {failed.value && loaded.value && !failed.value.away && <Note tone="warn" title={t('inbox.not_loaded')} card={false}>{failed.value.what}</Note>}
        {!query.value && <Waiting />}
        {none ? <Nothing /> : groups.map((g) => <Group key={g.section} section={g.section} threads={g.threads} />)}
      </div>
    </>
  );
}
