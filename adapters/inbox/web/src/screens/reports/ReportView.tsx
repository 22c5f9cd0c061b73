// One report: each table with its definition, its chart and what is not shown; and from what it was made.
import type { Report, ReportCell, ReportTable } from '../../api/types';
import { language, t } from '../../i18n';
import { when } from '../../i18n/time';
import { Icon } from '../../parts/Icon';
import { Facts } from '../../parts/Layout';
import { Note } from '../../parts/Note';
import { Columns, Rows } from '../board/charts';

function Cell({ cell }: { cell: ReportCell | undefined }) {
  if (!cell) return <td />;
  return cell.suppressed ? <td class="hid"><Icon name="lock" size="s" /><span>{cell.shown || '–'}</span><span class="vh"> {t('rp.hidden')}</span></td> : <td>{cell.shown}</td>;
}
// The first column of numbers as a chart. A cell that is not shown has no bar: a bar would show it.
function Chart({ table }: { table: ReportTable }) {
  if (table.chart === 'none' || table.rows.length === 0) return null;
  const bars = table.rows.map((r) => ({ label: r.label, value: r.cells[0]?.suppressed ? null : r.cells[0]?.value ?? null, shown: r.cells[0]?.shown ?? '' })), label = t('rp.chart', { title: table.title }) + ': ' + bars.map((b) => `${b.label} ${b.shown}`).join(', ');
  return table.chart === 'line' && bars.length <= 12 ? <Columns bars={bars} label={label} /> : <Rows bars={bars} label={label} />;
}
export function ReportView({ report, busy }: { report: Report; busy: boolean }) {
  const hidden = report.tables.some((x) => x.rows.some((r) => r.cells.some((c) => c.suppressed)));
  return (
    <div class="stack-4" aria-busy={busy}>
      {hidden && <Note tone="policy" title={t('rp.suppressed', { n: report.suppress_below - 1 })} />}
      {language.value !== 'en' && <p class="small muted">{t('rp.english')}</p>}
      {report.tables.map((x) => (
        <section key={x.id} class="card report" aria-labelledby={'rt-' + x.id}>
          <div class="card-head"><h3 id={'rt-' + x.id} lang="en">{x.title}</h3>{x.missing > 0 && <span>{t('rp.missing', { n: x.missing })}</span>}</div>
          <p class="small muted card-sub"><span lang="en">{x.definition}</span> {x.denominator && <span lang="en">{t('rp.of', { words: x.denominator })}</span>}</p>
          <Chart table={x} />
          <div class="scroll" tabIndex={0} role="group" aria-labelledby={'rt-' + x.id}>
            <table class="numbers" lang="en"><thead><tr><td />{x.columns.map((c) => <th key={c} scope="col">{c}</th>)}</tr></thead>
              <tbody>{x.rows.map((r) => <tr key={r.label}><th scope="row">{r.label}</th>{x.columns.map((c, i) => <Cell key={c} cell={r.cells[i]} />)}</tr>)}</tbody></table>
          </div>
        </section>
      ))}
      <section class="card card-facts"><h3 class="h3 facts-head">{t('rp.basis')}</h3>
        <Facts facts={[
          { what: t('rp.policy'), words: t('rp.policy.v', { id: report.policy.id, n: report.policy.version }), small: t('rp.made', { time: when(report.made) }) },
          { what: t('rp.log'), words: <span class="mono">{t('rp.log.at', { n: report.log.size, root: report.log.root.slice(0, 16) })}</span> }, { what: t('rp.command'), words: <code class="mono">{report.command}</code> },
        ]} />
      </section>
    </div>
  );
}
