// The summary of a referral: the facts that decide, the call, where it is on its way; and all the rest behind "More".
import { useState } from 'preact/hooks';
import type { Shown } from '../api/types';
import { code, t } from '../i18n';
import { when } from '../i18n/time';
import { Button, Call } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { Facts } from '../parts/Layout';
import { MarksBig } from '../parts/Marks';
import { Note } from '../parts/Note';
import { otherName, phaseWord } from '../parts/rowWords';
import { href, threadPath } from '../router';
import { sheet } from '../state/sheet';
import { desk } from '../state/view';
import { withheldWords } from './timelineLines';
import { mainFacts, moreFacts, otherFacts } from './referralFacts';

function FactsCard({ shown }: { shown: Shown }) {
  const [all, setAll] = useState(false), main = mainFacts(shown.opening), more = main.length ? moreFacts(shown.opening) : otherFacts(shown.opening);
  return (
    <div class="card card-facts">
      {main.length > 0 ? <Facts facts={main} /> : <Facts facts={more} />}
      {main.length > 0 && more.length > 0 && (
        <>
          <div id="more-facts" class={all ? 'more-facts' : 'more-facts print-only'}><Facts facts={more} /></div>
          <button type="button" class="btn btn-quiet btn-wide" aria-expanded={all} aria-controls="more-facts" onClick={() => setAll(!all)}>{all ? t('fact.less') : t('fact.more')} <span class="num light">{all ? '' : more.length}</span></button>
        </>
      )}
    </div>
  );
}
function Withheld({ shown }: { shown: Shown }) {
  return (
    <>
      {shown.row.side === 'from_us' && shown.withheld.filter((w) => w.outgoing).map((w) => <Note key={w.rule + w.what.join()} tone="policy" title={withheldWords(w.what, true)}>{w.words} {t('withheld.rule', { rule: w.rule })}</Note>)}
      {shown.withheld.filter((w) => !w.outgoing).map((w) => (
        <Note key={w.rule + w.what.join()} tone="policy" title={withheldWords(w.what)}>
          {w.words} {t('withheld.rule', { rule: w.rule })} {t('withheld.call')}
          {shown.moves.includes('break_glass') && <div><Button kind="quiet" class="start" onClick={() => { sheet.value = 'move:break_glass'; }}>{t('move.break_glass')}</Button></div>}
        </Note>
      ))}
    </>
  );
}
// Always a number: the person's, else the desk's.
export function CallUp({ shown }: { shown: Shown }) {
  const c = shown.call, phone = c?.phone || shown.desk_phone, role = c?.role ? code('actor_role', c.role) : '', agency = otherName(shown.row);
  const button = phone ? <Call phone={phone} who={desk.value ? undefined : c?.phone ? c.name : agency} big={!desk.value} keyName="C" /> : <Note tone="warn" icon="phone" title={t('call.none')}>{t('call.none_more')}</Note>;
  if (!desk.value) return button;
  return (
    <div class="card card-pad stack">
      <h3>{shown.row.side === 'to_us' ? t('fact.requester') : t('call.at', { agency })}</h3>
      <p>{c?.name ? <><b>{c.name}</b>{role && ', ' + role}</> : <b>{agency}</b>}<br /><span class="muted small">{agency}{shown.row.marks.sent && ', ' + t('call.sent', { time: when(shown.row.marks.sent) })}</span></p>
      {button}
      {c?.phone && shown.desk_phone && shown.desk_phone !== c.phone && <p class="small muted">{t('call.desk')} <a class="num" href={'tel:' + shown.desk_phone}>{shown.desk_phone}</a></p>}
    </div>
  );
}
function FileRows({ shown }: { shown: Shown }) {
  const files = shown.events.flatMap((e) => (e.attachments ?? []).map((f) => ({ e, f })));
  return (
    <>
      {files.map(({ e, f }) => (
        <a key={e.message + f.number} class="choice" href={href(threadPath(shown.thread, 'files'))}>
          <Icon name="file" /><span class="grow">{f.title || t('file.untitled')}<small>{f.media_type.split('/').pop()?.toUpperCase()}, {f.size < 1e6 ? Math.max(1, Math.round(f.size / 1e3)) + ' kB' : (f.size / 1e6).toFixed(1) + ' MB'}</small></span><Icon name="right" />
        </a>
      ))}
    </>
  );
}
function Asked({ shown }: { shown: Shown }) {
  if (shown.asked_before.length === 0) return null;
  return (
    <Note icon="undo" title={t('asked.before')}>
      {shown.asked_before.map((a) => <p key={a.thread}>{t('asked.row', { name: a.name, what: phaseWord(a.phase).toLowerCase(), time: when(a.at) })}{a.reason ? ': ' + code('decline_reason', a.reason).toLowerCase() : ''}.</p>)}
    </Note>
  );
}
export function Summary({ shown }: { shown: Shown }) {
  const steps = <div class="card card-pad card-steps"><MarksBig marks={shown.row.marks} /></div>;
  if (!desk.value) return (
    <div class="pad stack-3"><FactsCard shown={shown} /><CallUp shown={shown} /><FileRows shown={shown} /><Asked shown={shown} /><Withheld shown={shown} />{steps}</div>
  );
  return (
    <div class="pane-body">
      <div class="stack-3"><FactsCard shown={shown} /><Withheld shown={shown} /></div>
      <div class="stack-3"><CallUp shown={shown} />{steps}<FileRows shown={shown} /><Asked shown={shown} /></div>
    </div>
  );
}
