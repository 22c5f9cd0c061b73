// The coordinator's board: how many loops are open, which are late, who has room. Counts and clocks; nobody's name.
import { useEffect } from 'preact/hooks';
import type { Board as Data } from '../../api/types';
import { t } from '../../i18n';
import { IconButton } from '../../parts/Button';
import { Icon } from '../../parts/Icon';
import { Head, Wide } from '../../parts/Layout';
import { Stale, Waiting } from '../../parts/Waiting';
import { href } from '../../router';
import { useAsk, type Asked } from '../../state/ask';
import { rows } from '../../state/inbox';
import { onNotice } from '../../state/notices';
import { session } from '../../state/session';
import { desk } from '../../state/view';
import { byNeed } from '../../words/loops';
import { ago, idOf, Room, serviceWords, useCapacity } from '../capacity/parts';
import { AgeLevel, ByDay, Declines } from './charts';
import { LoopTable } from './LoopTable';

// Asks again when a loop or a notice changed, and twice a minute, because ages grow by themselves.
export function useFresh(asked: Asked<unknown>): void {
  const list = rows.value;
  useEffect(() => { if (asked.data) asked.again(); }, [list]);
  useEffect(() => {
    const timer = setInterval(asked.again, 30_000), stop = onNotice(asked.again);
    return () => { clearInterval(timer); stop(); };
  }, []);
}
export function Board() {
  const asked = useAsk('board.show', {}), loops = useAsk('loops', { open: true, limit: 200 });
  useFresh(asked);
  useFresh(loops);
  const again = () => { asked.again(); loops.again(); }, b = asked.data, list = [...(loops.data?.loops ?? [])].sort(byNeed), late = list.filter((l) => l.overdue.length > 0);
  return (
    <Wide>
      {desk.value ? <h1 class="vh" tabIndex={-1} data-title>{t('nav.board')}</h1> : <Head title={t('nav.board')} sub={session.value?.agency.name}><IconButton icon="refresh" label={t('bd.again')} onClick={again} /></Head>}
      <Stale asked={asked} />
      {!b ? <Waiting asked={asked} /> : (
        <div class="board">
          <Tiles of={b} />
          {!desk.value && late.length > 0 && <section class="bleed"><h2 class="sec sec-over"><Icon name="alert" size="s" />{t('bd.overdue')} <span class="n">{late.length}</span></h2><LoopTable loops={late} empty="" /></section>}
          {desk.value && (
            <section class="card board-loops">
              <div class="card-head"><h2>{t('bd.loops')}</h2><span>{t('bd.loops.sub')}</span></div>
              {loops.data ? <LoopTable loops={list.slice(0, 6)} empty={t('bd.loops.none')} brief /> : <Waiting asked={loops} />}
              {list.length > 6 && <a class="btn btn-quiet" href={href('loops')}>{t('bd.loops.all.n', { n: list.length })}</a>}
            </section>
          )}
          <CapacityCard />
          <AgeLevel of={b} /><ByDay of={b} /><Declines of={b} />
          {!desk.value && <a class="btn" href={href('loops')}>{t('bd.loops.all')}</a>}
        </div>
      )}
    </Wide>
  );
}
function Tile({ big, what, sub }: { big: string | number; what: string; sub: string }) {
  return <div class="card kpi"><b>{big}</b><span class="kt">{what}</span><span>{sub}</span></div>;
}
function Tiles({ of: b }: { of: Data }) {
  const levels = [3, 2, 1].filter((n) => (b.overdue.level[n] ?? 0) > 0).map((n) => t('bd.overdue.level', { n: b.overdue.level[n] ?? 0, level: n }));
  if (b.overdue.level[0] > 0) levels.push(t('bd.overdue.none', { n: b.overdue.level[0] }));
  return (
    <div class="kpis">
      <Tile big={b.open.all} what={t('bd.open')} sub={t('bd.open.sub', { e: b.open.emergent, u: b.open.urgent, r: b.open.routine })} />
      <Tile big={b.overdue.all} what={t('bd.overdue')} sub={levels.join(', ') || t('bd.overdue.zero')} />
      <Tile big={b.decide.median_min === null ? '–' : t('bd.min', { n: b.decide.median_min })} what={t('bd.decide')} sub={t('bd.decide.sub', { days: b.decide.days, n: b.decide.n, target: b.decide.target_min })} />
      <Tile big={b.on_time.percent === null ? '–' : t('bd.percent', { n: b.on_time.percent })} what={t('bd.on_time')} sub={t('bd.on_time.sub', { days: b.on_time.days, n: b.on_time.n, target: b.on_time.target })} />
    </div>
  );
}
function CapacityCard() {
  const asked = useCapacity(), list = asked.data?.capacity ?? [];
  return (
    <section class="card board-cap">
      <div class="card-head"><h2>{t('bd.capacity')}</h2><span>{t('bd.capacity.sub', { n: list[0]?.ttl_minutes ?? 60 })}</span></div>
      {list.map((c) => <div key={idOf(c)} class="caprow"><b><bdi>{c.name}</bdi></b><Room of={c} /><small>{serviceWords(c.service)}</small><small>{ago(c.as_of)}</small></div>)}
      {list.length === 0 && <p class="pad muted small">{t('cap.none.others')}</p>}
    </section>
  );
}
