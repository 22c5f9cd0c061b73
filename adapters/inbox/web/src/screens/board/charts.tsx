// Charts as plain SVG. Each carries its numbers twice as text: in its label and in a table that screen readers get.
import type { Board } from '../../api/types';
import { language, t } from '../../i18n';
import { session } from '../../state/session';
import { shortDay } from '../../words/time';
import { share } from '../../words/scale';

export interface Bar { label: string; value: number | null; shown?: string; over?: boolean }
export function Table({ title, columns, rows }: { title: string; columns: string[]; rows: (string | number)[][] }) {
  return (
    <div class="vh"><table><caption>{title}</caption><thead><tr>{columns.map((c) => <th key={c} scope="col">{c}</th>)}</tr></thead>
      <tbody>{rows.map((r) => <tr key={r[0]}><th scope="row">{r[0]}</th>{r.slice(1).map((c, i) => <td key={i}>{c}</td>)}</tr>)}</tbody></table></div>
  );
}
// Upright bars; a dashed line at the target; what is over it has an edge besides its colour.
export function Columns({ bars, target, label }: { bars: Bar[]; target?: number; label: string }) {
  const most = Math.max(target ?? 0, ...bars.map((b) => b.value ?? 0)) * 1.15 || 1, step = 312 / Math.max(bars.length, 1), width = Math.min(26, step * 0.6), y = (v: number) => 150 - share(v, most, 128);
  return (
    <svg class="chart" viewBox="0 0 340 176" role="img" aria-label={label}>
      {target !== undefined && <><line class="target" x1="0" y1={y(target)} x2="312" y2={y(target)} /><text x="336" y={y(target) + 5} text-anchor="end">{target}</text></>}
      <line class="base" x1="0" y1="150" x2="340" y2="150" />
      {bars.map((b, i) => {
        const x = step * i + (step - width) / 2, at = y(b.value ?? 0), h = 150 - at;
        return (
          <g key={b.label + i}>
            {b.value !== null && h > 0 && <rect class={b.over ? 'bar-bf' : 'bar-a'} x={x} y={at} width={width} height={h} rx="3" />}
            {b.over && h > 2 && <rect class="bar-b" x={x + 1} y={at + 1} width={width - 2} height={h - 1} rx="2" />}
            <text class="v" x={x + width / 2} y={at - 6} text-anchor="middle">{b.shown ?? (b.value === null ? '–' : b.value)}</text>
            <text x={x + width / 2} y="168" text-anchor="middle">{b.label}</text>
          </g>
        );
      })}
    </svg>
  );
}
// Lying bars with their names before them; the names are text of the page, so that they wrap and grow with it.
export function Rows({ bars, label }: { bars: Bar[]; label: string }) {
  const longest = Math.max(1, ...bars.map((b) => b.value ?? 0));
  return (
    <div class="bars" role="img" aria-label={label}>
      {bars.map((b) => (
        <p key={b.label}><span>{b.label}</span>
          <svg viewBox="0 0 200 16" preserveAspectRatio="none" aria-hidden="true"><rect class="bar-a" x="0" y="0" width={share(b.value ?? 0, longest, 200)} height="16" rx="3" /></svg>
          <b class="num">{b.shown ?? b.value ?? '–'}</b></p>
      ))}
    </div>
  );
}
export function ByDay({ of: b }: { of: Board }) {
  const dayName = (d: string) => shortDay(Date.parse(d.length === 10 ? d + 'T12:00:00Z' : d), d.length === 10 ? 'UTC' : session.value?.agency.tz ?? '', language.value);
  const bars = b.by_day.map((d) => ({ label: dayName(d.day), value: d.median_min, over: (d.median_min ?? 0) > b.decide.target_min }));
  const words = b.by_day.map((d) => (d.median_min === null ? t('bd.by_day.none', { day: dayName(d.day) }) : t('bd.by_day.one', { day: dayName(d.day), n: d.median_min, of: d.n }))).join(', ');
  return (
    <section class="card">
      <div class="card-head"><h2>{t('bd.by_day')}</h2><span>{t('bd.target', { n: b.decide.target_min })}</span></div>
      <Columns bars={bars} target={b.decide.target_min} label={words} />
      <Table title={t('bd.by_day')} columns={[t('bd.c.day'), t('bd.c.median'), t('bd.c.decided')]} rows={b.by_day.map((d) => [dayName(d.day), d.median_min ?? '–', d.n])} />
    </section>
  );
}
const classes = ['capacity', 'eligibility', 'clinical', 'client', 'contact', 'legal'] as const;
export function Declines({ of: b }: { of: Board }) {
  const bars = b.declines.map((d) => ({ label: t(`bd.class.${classes.find((c) => c === d.class) ?? 'other'}`), value: d.n })).sort((x, y) => y.value - x.value), all = bars.reduce((n, x) => n + x.value, 0);
  return (
    <section class="card">
      <div class="card-head"><h2>{t('bd.declines')}</h2><span>{t('bd.declines.sub', { days: b.decide.days, n: all })}</span></div>
      {bars.length === 0 ? <p class="pad muted small">{t('bd.nothing')}</p> : <Rows bars={bars} label={bars.map((x) => `${x.label} ${x.value}`).join(', ')} />}
      <Table title={t('bd.declines')} columns={[t('bd.c.class'), t('bd.c.count')]} rows={bars.map((x) => [x.label, x.value])} />
    </section>
  );
}
const ages = ['under_1h', '1h_24h', '1d_7d', 'over_7d'] as const;
export function AgeLevel({ of: b }: { of: Board }) {
  return (
    <section class="card">
      <div class="card-head"><h2 id="bd-age">{t('bd.age')}</h2><span>{b.open.all}</span></div>
      <table class="matrix" aria-labelledby="bd-age">
        <thead><tr><td /><th scope="col">{t('level.none')}</th>{[1, 2, 3].map((n) => <th key={n} scope="col">{t('level.n', { n })}</th>)}</tr></thead>
        <tbody>{ages.map((age) => {
          const level = b.age_level.find((a) => a.age === age)?.level ?? [0, 0, 0, 0];
          return <tr key={age}><th scope="row">{t(`bd.age.${age}`)}</th>{level.map((n, i) => <td key={i} class={n === 0 ? 'z' : i >= 2 ? 'h2' : i === 1 ? 'h1' : ''}>{n}</td>)}</tr>;
        })}</tbody>
      </table>
    </section>
  );
}
