// All handoffs: waiting, on the way, taken. On a desk the open one is beside the list; on a phone it is the thread's own tab.
import { useEffect, useState } from 'preact/hooks';
import type { Row } from '../../api/types';
import { t } from '../../i18n';
import { when } from '../../i18n/time';
import { Chip, Tile, Urgency } from '../../parts/Chip';
import { Clock } from '../../parts/Clock';
import { Head, Split } from '../../parts/Layout';
import { Marks } from '../../parts/Marks';
import { Empty } from '../../parts/Note';
import { reasonWords, stepWord } from '../../parts/rowWords';
import { SafetyStrip } from '../../parts/Safety';
import { Segment } from '../../parts/Segment';
import { failureWords } from '../../i18n/failure';
import { href, place, threadPath } from '../../router';
import { now } from '../../state/clock';
import { rows } from '../../state/inbox';
import { open, show, shut } from '../../state/thread';
import { desk } from '../../state/view';
import { Handoff } from './Handoff';

type Side = 'to_us' | 'from_us';
const DAY = 86_400_000;
function sections(side: Side): { title: string; list: Row[] }[] {
  const mine = [...rows.value.values()].filter((r) => r.side === side), fresh = (r: Row) => now.peek() - Date.parse(r.updated) < DAY;
  const offered = mine.filter((r) => r.handoff === 'offered' && r.section !== 'done'), coming = mine.filter((r) => !r.handoff && (r.phase === 'accepted' || r.phase === 'scheduled'));
  const byClock = (a: Row, b: Row) => Date.parse(a.clock?.at ?? a.updated) - Date.parse(b.clock?.at ?? b.updated);
  return [
    { title: t(side === 'to_us' ? 'ho.waiting' : 'ho.waiting_them'), list: offered.sort(byClock) },
    { title: t('ho.refused'), list: mine.filter((r) => r.handoff === 'refused' && fresh(r)) },
    { title: t(side === 'to_us' ? 'ho.coming' : 'ho.going'), list: coming.sort(byClock) },
    { title: t('ho.taken'), list: mine.filter((r) => r.handoff === 'taken' && fresh(r)).sort((a, b) => Date.parse(b.updated) - Date.parse(a.updated)) },
  ].filter((s) => s.list.length > 0);
}
const waitingOf = (side: Side) => [...rows.value.values()].filter((r) => r.side === side && r.handoff === 'offered' && r.section !== 'done').length;

function Item({ row, on }: { row: Row; on: boolean }) {
  const done = row.handoff === 'taken', other = row.side === 'to_us' ? t('from', { agency: row.from_name }) : t('to', { agency: row.to_name });
  return (
    <a class={`row${done ? ' row-done' : ''}${on ? ' is-on' : ''}`} href={href(desk.value ? 'handoffs/' + row.thread : threadPath(row.thread, 'handoff'))} aria-current={on ? 'true' : undefined}>
      <Tile initials={row.who.initials} age={row.who.age} /><span class="row-why">{reasonWords(row)}</span>
      {done ? <span class="due">{when(row.updated)}</span> : row.clock && <Clock due={row.clock} />}
      <span class="row-from"><bdi>{[other, row.place].filter(Boolean).join(', ')}</bdi></span>
      <span class="row-meta">{done ? <Chip tone="ok" icon="check">{t('ho.taken')}</Chip> : <><Urgency value={row.urgency} /><Marks marks={row.marks} word={stepWord(row)} /></>}</span>
    </a>
  );
}
function List() {
  const [side, setSide] = useState<Side>('to_us'), list = sections(side), at = place.value.tab;
  const options = (['to_us', 'from_us'] as const).map((value) => ({ value, words: t(`ho.${value}`, { n: waitingOf(value) }) }));
  return (
    <>
      {!desk.value && <Head title={t('nav.handoffs')} />}
      {desk.value && <h1 class="vh">{t('nav.handoffs')}</h1>}
      <div class="seg-pad"><Segment label={t('nav.handoffs')} value={side} options={options} onPick={setSide} controls="handoffs" /></div>
      <div id="handoffs" role="tabpanel" class="grow-col">
        {list.map((s) => <section key={s.title} aria-label={s.title}><h2 class="sec">{s.title} <span class="n">{s.list.length}</span></h2>{s.list.map((r) => <Item key={r.thread} row={r} on={r.thread === at} />)}</section>)}
        {list.length === 0 && <Empty title={t('ho.none')}>{t('ho.none.what')}</Empty>}
      </div>
    </>
  );
}
function Pane({ thread }: { thread: string }) {
  useEffect(() => { void show(thread); return shut; }, [thread]);
  const here = open.value?.thread === thread ? open.value : null, shown = here?.shown;
  if (!shown) return <Empty title={here?.error ? failureWords(here.error) : t('loading')} />;
  return (
    <>
      <Head level={2} title={t('ho.of', { who: shown.row.who.words })} sub={shown.row.place ? t('ho.place', { place: shown.row.place }) : shown.other_name}>{shown.row.clock && <Clock due={shown.row.clock} box live />}</Head>
      <SafetyStrip cells={shown.safety} />
      <Handoff key={thread} shown={shown} />
    </>
  );
}
export function Handoffs() {
  const thread = place.value.tab;
  return <Split list={<List />} open={!!thread} label={t('nav.handoffs')}>{thread ? <Pane key={thread} thread={thread} /> : <Empty title={t('ho.pick')} />}</Split>;
}
