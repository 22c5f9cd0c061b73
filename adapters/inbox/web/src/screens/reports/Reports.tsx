// Reports for funders and reviewers: choose one and a period; the tables, their charts, and how to make it again.
import { useEffect, useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { Report } from '../../api/types';
import { t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Choice, Field } from '../../parts/Field';
import { Head, Split } from '../../parts/Layout';
import { Empty, Note } from '../../parts/Note';
import { Waiting } from '../../parts/Waiting';
import { back, href, place } from '../../router';
import { useAsk, useDo } from '../../state/ask';
import { now } from '../../state/clock';
import { desk } from '../../state/view';
import { reportCsv } from '../../words/csv';
import { period, type Period } from '../../words/period';
import { ReportView } from './ReportView';

const periods = ['this_quarter', 'last_quarter', 'this_year', 'own'] as const;
export function Reports() {
  const asked = useAsk('report.list', {}), at = place.value.tab, list = asked.data?.reports ?? [], found = list.find((r) => r.name === at);
  const menu = (
    <>
      {desk.value ? <h1 class="sec">{t('nav.reports')}</h1> : <Head title={t('nav.reports')} />}
      {!asked.data && <Waiting asked={asked} />}
      {asked.data && list.length === 0 && <Empty title={t('rp.none')} />}
      {list.map((r) => <a key={r.name} class={`row row-two${r === found ? ' is-on' : ''}`} href={href('reports/' + r.name)} aria-current={r === found ? 'true' : undefined}><span><b>{r.title}</b><small class="muted">{r.what}</small></span></a>)}
    </>
  );
  return <Split list={menu} open={!!at} label={t('nav.reports')}>{found ? <One key={found.name} name={found.name} title={found.title} what={found.what} /> : <Empty title={asked.data ? t('rp.pick') : t('loading')} />}</Split>;
}
function One({ name, title, what }: { name: string; title: string; what: string }) {
  const [which, setWhich] = useState<Period>('this_quarter'), [since, setSince] = useState(''), [until, setUntil] = useState(''), [report, setReport] = useState<Report | null>(null), doing = useDo();
  const run = (p: Period) => {
    const dates = p === 'own' ? { since, until } : period(p, new Date(now.peek()));
    void doing.run(() => call('report.run', { name, ...(dates.since ? { since: dates.since } : {}), ...(dates.until ? { until: dates.until } : {}) })).then((r) => { if (r) setReport(r); });
  };
  const pick = (p: Period) => { setWhich(p); if (p !== 'own') run(p); };
  useEffect(() => run('this_quarter'), []);
  const save = () => {
    if (!report) return;
    const url = URL.createObjectURL(new Blob(['\ufeff' + reportCsv(report)], { type: 'text/csv;charset=utf-8' })), link = document.createElement('a');
    link.href = url;
    link.download = `${report.name} ${report.period}.csv`.replace(/[^\w .-]+/g, '-');
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  const take = <span class="btns no-print"><Button icon="file" off={!report} onClick={save}>{t('rp.csv')}</Button><Button icon="note" off={!report} onClick={() => print()}>{t('do.print')}</Button></span>;
  return (
    <>
      <Head level={2} title={report?.title ?? title} sub={report?.period ?? what} onBack={desk.value ? undefined : () => back('reports')}>
        {desk.value && take}
      </Head>
      <div class="page">
        {!desk.value && take}
        <fieldset class="pick no-print"><legend>{t('rp.period')}</legend><div class="chips">{periods.map((p) => <Choice key={p} name="period" on={which === p} onPick={() => pick(p)}>{t(`rp.${p}`)}</Choice>)}</div></fieldset>
        {which === 'own' && (
          <form class="line no-print own-dates" onSubmit={(e) => { e.preventDefault(); run('own'); }}>
            <Field label={t('rp.since')} type="date" value={since} onInput={setSince} /><Field label={t('rp.until')} type="date" value={until} onInput={setUntil} /><Button type="submit" busy={doing.busy}>{t('rp.run')}</Button>
          </form>
        )}
        {doing.wrong && <Note tone="danger" alert title={doing.wrong} />}
        {report ? <ReportView report={report} busy={doing.busy} /> : doing.busy && <p class="muted" role="status">{t('loading')}</p>}
      </div>
    </>
  );
}
