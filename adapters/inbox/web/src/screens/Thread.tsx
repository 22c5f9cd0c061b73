// An open thread: title, safety, who was told, tabs, the Part 2 notice; the tab shows the rest; Decline and Accept in reach.
import { useEffect } from 'preact/hooks';
import type { Shown } from '../api/types';
import { code, t } from '../i18n';
import { when } from '../i18n/time';
import { Button, IconButton } from '../parts/Button';
import { Chip, Urgency } from '../parts/Chip';
import { Clock, clockWords } from '../parts/Clock';
import { Actions, Head } from '../parts/Layout';
import { Empty, Note } from '../parts/Note';
import { otherName, phaseWord, reasonWords } from '../parts/rowWords';
import { SafetyStrip } from '../parts/Safety';
import { Sheet } from '../parts/Sheet';
import { Icon } from '../parts/Icon';
import { UndoBar } from '../parts/UndoBar';
import { back, go, href, place, threadPath } from '../router';
import { now } from '../state/clock';
import { discard, ofThread, sendNow } from '../state/outgoing';
import { closeSheet, sheet } from '../state/sheet';
import { open, show, shut } from '../state/thread';
import { desk } from '../state/view';
import { AcceptSheet } from './AcceptSheet';
import { BreakGlass } from './glass/BreakGlass';
import { DeclineSheet } from './DeclineSheet';
import { isMove, moves, MoveSheet } from './MoveSheet';
import { PrintHead } from './paper/PrintHead';
import { onceEach, tellWords } from './told';
import { threadTabs } from './index';

function Overdue({ shown }: { shown: Shown }) {
  const due = shown.row.clock;
  if (!due || Date.parse(due.at) > now.value || due.name === 'hold:end' || ofThread(shown.thread)) return null;
  const said = onceEach(shown.told).map((x, i) => t(i ? 'told.next' : 'told.first', { who: tellWords(x.tell), time: when(x.at) })).join(', ');
  const decides = shown.moves.includes('accept');
  return <Note tone="danger" card={false} alert title={t(decides ? 'over.decide' : 'over.act', { time: clockWords(due) })}>{said && said + '.'}</Note>;
}
function OnItsWay({ shown }: { shown: Shown }) {
  const item = ofThread(shown.thread);
  if (!item) return null;
  if (item.stage === 'undo') return <Note tone="ok" card={false} title={t('out.undo', { what: item.title })}>{t('out.undo_more')}</Note>;
  if (item.stage === 'failed') return <Note tone="danger" card={false} alert title={t('out.failed', { what: item.title })} act={<Button onClick={() => discard(item.id)}>{t('out.discard')}</Button>}>{item.why}</Note>;
  if (item.stage === 'waiting') return <Note tone="warn" icon="clock" card={false} title={t('out.waiting', { what: item.title })}>{item.kept ? t('out.waiting_more') : t('out.not_kept')}</Note>;
  if (item.stage === 'draft') return (
    <Note tone="warn" icon="note" card={false} title={t('out.draft', { what: item.title })} act={<><Button onClick={() => sendNow(item.id)}>{t('out.send_now')}</Button><Button kind="quiet" onClick={() => discard(item.id)}>{t('out.discard')}</Button></>}>{t('out.draft_more', { time: when(item.made) })}</Note>
  );
  return null;
}
function Title({ shown }: { shown: Shown }) {
  const row = shown.row, agency = otherName(row), asks = row.service && t('thread.asks', { service: code('service', row.service).toLowerCase() });
  const from = row.side === 'to_us' ? t('from', { agency }) : t('to', { agency });
  const sub = desk.value ? [from + '.', asks].filter(Boolean).join(' ') : [row.urgency && t(`urgency.${row.urgency}`), from.charAt(0).toLowerCase() + from.slice(1)].filter(Boolean).join(', ');
  return (
    <Head title={<>{row.who.words || reasonWords(row)}</>} sub={sub} onBack={() => back('')}>
      {desk.value && <Urgency value={row.urgency} />}
      {desk.value && (row.clock ? <Clock due={row.clock} box live /> : <Chip box tone={row.phase === 'accepted' || row.loop === 'closed' ? 'ok' : undefined} icon={row.phase === 'accepted' ? 'check' : undefined}>{phaseWord(row.phase)}{row.marks.acted && ' ' + when(row.marks.acted)}</Chip>)}
      {(shown.moves.some((m) => isMove(m) || m === 'message') || !desk.value) && <IconButton icon="more" label={t('do.more')} onClick={() => { sheet.value = 'more'; }} />}
    </Head>
  );
}
// What else may be done, beside the two that decide.
function More({ shown }: { shown: Shown }) {
  const to = (tab: string) => () => { closeSheet(); go(threadPath(shown.thread, tab)); };
  return (
    <Sheet title={t('do.more')} onClose={closeSheet}>
      <div class="stack">
        {shown.moves.filter(isMove).map((m) => <button key={m} type="button" class="choice" onClick={() => { sheet.value = `move:${m}`; }}><Icon name={moves[m].icon} /><span class="grow">{t(moves[m].name)}</span><Icon name="right" /></button>)}
        {shown.moves.includes('message') && <button type="button" class="choice" onClick={to('messages')}><Icon name="speak" /><span class="grow">{t('move.message')}</span><Icon name="right" /></button>}
        {shown.moves.some((m) => m.startsWith('handoff')) && <button type="button" class="choice" onClick={to('handoff')}><Icon name="swap" /><span class="grow">{t('tab.handoff')}</span><Icon name="right" /></button>}
        <button type="button" class="choice" onClick={() => { closeSheet(); window.print(); }}><Icon name="file" /><span class="grow">{t('do.print')}</span><Icon name="right" /></button>
      </div>
    </Sheet>
  );
}
const nextMove = ['start', 'complete'] as const; // the move that leads on, once it is accepted
function Act({ shown }: { shown: Shown }) {
  const can = (m: string) => shown.moves.includes(m), waits = ofThread(shown.thread);
  if (shown.read_only) return <Actions one><Note tone="policy" title={t('thread.read_only')}>{shown.read_only}</Note></Actions>;
  if (waits?.stage === 'undo') return <div class="act act-one act-undo"><UndoBar item={waits} /></div>;
  if (waits && waits.stage !== 'failed') return null;
  if (can('accept') || can('decline')) return (
    <Actions>
      {desk.value && <p class="small muted">{t('thread.nothing_leaves')}</p>}
      {can('decline') && <Button big keyName="D" onClick={() => { sheet.value = 'decline'; }}>{t('decline.name')}</Button>}
      {can('accept') && <Button big kind="main" icon="check" keyName="A" onClick={() => { sheet.value = 'accept'; }}>{t('accept.name_do')}</Button>}
    </Actions>
  );
  if (can('handoff_take')) return <Actions one>{desk.value && <p class="small muted">{t('thread.take_why')}</p>}<Button big kind="main" icon="swap" keyName="H" onClick={() => go(threadPath(shown.thread, 'handoff'))}>{t('thread.take')}</Button></Actions>;
  const next = nextMove.find(can);
  return next ? <Actions one>{desk.value && <p class="small muted">{t('thread.nothing_leaves')}</p>}<Button big kind="main" icon={moves[next].icon} onClick={() => { sheet.value = `move:${next}`; }}>{t(moves[next].name)}</Button></Actions> : null;
}
function Sheets({ shown }: { shown: Shown }) {
  const name = sheet.value, move = name.startsWith('move:') ? name.slice(5) : '';
  if (name === 'accept') return <AcceptSheet shown={shown} onClose={closeSheet} />;
  if (name === 'decline') return <DeclineSheet shown={shown} onClose={closeSheet} />;
  if (name === 'more') return <More shown={shown} />;
  if (move === 'break_glass') return <BreakGlass shown={shown} onClose={closeSheet} />;
  return isMove(move) ? <MoveSheet key={move} move={move} shown={shown} onClose={closeSheet} /> : null;
}
export function Thread({ thread }: { thread: string }) {
  useEffect(() => { void show(thread); return () => { shut(); closeSheet(); }; }, [thread]);
  const here = open.value?.thread === thread ? open.value : null, shown = here?.shown, tab = place.value.tab;
  useEffect(() => { if (shown && !desk.value) document.querySelector<HTMLElement>('[data-title]')?.focus({ preventScroll: true }); }, [!!shown]);
  if (!shown) return (
    <>
      {!desk.value && <Head title={t('nav.inbox')} onBack={() => back('')} />}
      {here?.error
        ? <Empty title={here.error.away ? t('error.away') : here.error.status === 404 ? t('not_found') : here.error.what} act={<Button icon="refresh" onClick={() => void show(thread)}>{t('do.retry')}</Button>}>{here.error.mend}</Empty>
        : <p class="muted pad" role="status">{t('loading')}</p>}
    </>
  );
  const found = threadTabs.find((x) => x.tab === tab), Tab = found?.show;
  return (
    <>
      <PrintHead shown={shown} />
      <Title shown={shown} />
      <SafetyStrip cells={shown.safety} />
      <Overdue shown={shown} />
      <OnItsWay shown={shown} />
      <nav class="ptabs" aria-label={t('thread.parts')}>
        {threadTabs.filter((x) => !x.hidden?.(shown)).map((x) => (
          <a key={x.tab} href={href(threadPath(thread, x.tab))} aria-current={x.tab === tab ? 'page' : undefined}>{t(x.name)}{x.count ? ' ' + x.count(shown) : ''}</a>
        ))}
      </nav>
      {shown.part2_notice && <div class="pane-note"><Note tone="policy" icon="shield" title={t('part2.title')}>{shown.part2_notice}</Note></div>}
      <div class="tab-body">{Tab ? <Tab shown={shown} /> : <Empty title={t('not_found')} />}</div>
      {!found?.acts && <Act shown={shown} />}
      <Sheets shown={shown} />
    </>
  );
}
