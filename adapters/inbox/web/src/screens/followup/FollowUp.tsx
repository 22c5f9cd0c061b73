// Follow-up that is due: who, when, and what came of it in three taps.
import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import { code, t } from '../../i18n';
import { when } from '../../i18n/time';
import { Button, Call } from '../../parts/Button';
import { Chip, Tile } from '../../parts/Chip';
import { Clock } from '../../parts/Clock';
import { Field } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import type { IconName } from '../../parts/icons';
import { Head, Wide } from '../../parts/Layout';
import { Empty, Note } from '../../parts/Note';
import { reasonWords } from '../../parts/rowWords';
import { Sheet } from '../../parts/Sheet';
import { href, threadPath } from '../../router';
import { useAnswer } from '../../state/ask';
import { now } from '../../state/clock';
import { rows } from '../../state/inbox';
import { ofThread, send } from '../../state/outgoing';
import { may, session } from '../../state/session';
import { content, said, type Fields } from '../../words/body';
import { groups, type Due, type Group } from '../../words/followups';

const order = ['overdue', 'today', 'later'] as const;
const DAY = 86_400_000;
export function FollowUp() {
  const all = groups(rows.value.values(), now.value, session.value?.agency.tz ?? ''), [at, setAt] = useState<Due | null>(null), [done, setDone] = useState(false);
  const open = order.reduce((n, g) => n + all[g].length, 0);
  return (
    <Wide>
      <Head title={t('nav.follow_up')} sub={open > 0 ? t('fu.count', { over: all.overdue.length, today: all.today.length }) : undefined} />
      <div class="dues">
        {open === 0 && <Empty title={t('fu.none')}>{t('fu.none.what')}</Empty>}
        {order.map((g) => all[g].length > 0 && <Section key={g} group={g} list={all[g]} onWrite={setAt} />)}
        {all.done.length > 0 && (done ? <Section group="done" list={all.done} onWrite={setAt} /> : <div class="pad"><Button kind="quiet" onClick={() => setDone(true)}>{t('fu.show_done')}</Button></div>)}
      </div>
      {at && <WriteDown due={at} onClose={() => setAt(null)} />}
    </Wide>
  );
}
function Section({ group, list, onWrite }: { group: Group; list: Due[]; onWrite: (d: Due) => void }) {
  return (
    <section aria-label={t(`fu.${group}`)}>
      <h2 class={`sec${group === 'overdue' ? ' sec-over' : ''}`}>{group === 'overdue' && <Icon name="alert" size="s" />}{t(`fu.${group}`)} <span class="n">{list.length}</span></h2>
      <ul>{list.map((d) => <Line key={d.row.thread + d.mark} due={d} onWrite={onWrite} />)}</ul>
    </section>
  );
}
function Line({ due, onWrite }: { due: Due; onWrite: (d: Due) => void }) {
  const { row } = due, out = ofThread(row.thread), sending = out?.op === 'follow_up' && out.stage !== 'failed', clock = { name: 'follow_up:' + due.mark, from: row.updated, at: due.due, phone: false };
  return (
    <li class={`row row-act${!due.result && Date.parse(due.due) < now.value ? ' row-over' : ''}`}>
      <Tile initials={row.who.initials} age={row.who.age} />
      <a class="row-why" href={href(threadPath(row.thread))}><bdi>{row.who.words}</bdi></a>
      {due.result ? <Chip tone={due.result === 'reached' ? 'ok' : 'warn'} box icon={due.result === 'reached' ? 'check' : 'minus'}>{code('follow_up_result', due.result)}</Chip>
        : Date.parse(due.due) - now.value > DAY ? <span class="due"><Icon name="clock" size="s" />{when(due.due)}</span> : <Clock due={clock} box />}
      <span class="row-from">{code('follow_up_mark', due.mark)}. {reasonWords(row)}</span>
      <span class="row-from"><bdi>{row.side === 'to_us' ? t('from', { agency: row.from_name }) : t('to', { agency: row.to_name })}</bdi></span>
      {!due.result && may('view_timeline') && <span class="row-do"><Button icon="note" busy={sending} onClick={() => onWrite(due)}>{t('fu.write')}</Button></span>}
    </li>
  );
}
const results: { result: 'reached' | 'not_reached' | 'declined' | 'na'; icon: IconName }[] = [{ result: 'reached', icon: 'speak' }, { result: 'not_reached', icon: 'phone' }, { result: 'declined', icon: 'hand' }, { result: 'na', icon: 'minus' }];
function WriteDown({ due, onClose }: { due: Due; onClose: () => void }) {
  const { row } = due, [result, setResult] = useState(''), [attempts, setAttempts] = useState(1), [note, setNote] = useState(''), [wrong, setWrong] = useState(false);
  const shown = useAnswer('show' + row.thread, () => call('inbox.show', { thread: row.thread }));
  const person = (content(shown.data?.opening)['subject'] ?? {}) as Fields, phone = said(person['phone']), safe = said(person['safe_to_contact']);
  const go = () => {
    if (!result) { setWrong(true); return; }
    send('follow_up', { thread: row.thread, mark: due.mark, result, at: new Date().toISOString().slice(0, 19) + 'Z', ...(result === 'not_reached' ? { attempts } : {}), ...(note.trim() ? { text: note.trim() } : {}) },
      { thread: row.thread, title: t('fu.sending', { who: row.who.words, result: code('follow_up_result', result).toLowerCase() }) });
    onClose();
  };
  return (
    <Sheet title={row.who.words} sub={t('fu.what', { mark: code('follow_up_mark', due.mark), time: when(due.due) })} onClose={onClose} onSubmit={go}
      foot={<Button big wide kind="main" icon="send" type="submit" keyName="Ctrl Enter">{t('fu.send')}</Button>}>
      {phone ? <Call big phone={phone} who={row.who.words} /> : shown.data && <p class="small muted">{t('fu.no_phone')}</p>}
      {safe && <Note tone="warn" icon="phone" title={t('fu.safe', { words: safe })} />}
      <fieldset class="pick"><legend>{t('fu.how')}</legend>
        <div class="bigs">
          {results.map((r) => (
            <button key={r.result} type="button" class={`big${result === r.result ? ' is-on' : ''}`} aria-pressed={result === r.result} onClick={() => setResult(r.result)}>
              <Icon name={r.icon} />{t(`fu.${r.result}`)}<small>{t(`fu.${r.result}.what`)}</small>
            </button>
          ))}
        </div>
        {wrong && !result && <span class="err" role="alert"><Icon name="alert" size="s" />{t('fu.need')}</span>}
      </fieldset>
      {result === 'not_reached' && (
        <div class="line"><b class="grow">{t('fu.attempts')}</b>
          <div class="stepper"><Button label={t('cap.less')} off={attempts <= 1} onClick={() => setAttempts(attempts - 1)}><Icon name="minus" /></Button><output aria-live="polite">{attempts}</output><Button label={t('cap.more')} onClick={() => setAttempts(attempts + 1)}><Icon name="plus" /></Button></div>
        </div>
      )}
      <Field label={t('fu.note')} value={note} onInput={setNote} rows={2} />
    </Sheet>
  );
}
