// The timeline: whole sentences, who did what, when it was delivered and seen, what policy kept back and by which rule.
import type { Shown } from '../api/types';
import { t } from '../i18n';
import { day, hm } from '../i18n/time';
import { Icon } from '../parts/Icon';
import { MarksBig } from '../parts/Marks';
import { Empty } from '../parts/Note';
import { desk } from '../state/view';
import { CallUp } from './Summary';
import { timelineLines, type Line } from './timelineLines';

const up = (s: string) => s.charAt(0).toUpperCase() + s.slice(1);
function Item({ line }: { line: Line }) {
  return (
    <li class={`${line.tone === 'policy' ? 'tl-policy' : ''}${line.gone ? ' tl-gone' : ''}`}>
      <time dateTime={new Date(line.at).toISOString()}>{hm(line.at)}</time>
      <span class={`k${line.tone ? ' k-' + line.tone : ''}`}><Icon name={line.icon} /></span>
      <div>
        <p>{line.who && <b>{line.who}</b>} {line.who ? line.says : up(line.says)}</p>
        {line.quote && <blockquote>{line.quote}</blockquote>}
        {line.small.map((s) => <small key={s}>{s}</small>)}
      </div>
    </li>
  );
}
export function Timeline({ shown }: { shown: Shown }) {
  const days: { day: string; lines: Line[] }[] = [];
  for (const line of timelineLines(shown)) {
    const name = up(day(line.at)), last = days[days.length - 1];
    if (last?.day === name) last.lines.push(line); else days.push({ day: name, lines: [line] });
  }
  const steps = <div class="card card-pad card-steps"><MarksBig marks={shown.row.marks} /></div>;
  const list = days.length === 0 ? <Empty title={t('tl.empty')} /> : days.map((d) => (
    <section key={d.day}><h3 class="tl-day">{d.day}</h3><ol class="tl">{d.lines.map((l) => <Item key={l.key} line={l} />)}</ol></section>
  ));
  if (!desk.value) return <div class="pad stack-4">{steps}<div>{list}</div></div>;
  return <div class="pane-body"><div class="card card-pad">{list}</div><div class="stack-3">{steps}<CallUp shown={shown} /></div></div>;
}
