// Records that came from other systems without a reference: a person says whose they are, or that they are nobody's here.
import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { MatchRow } from '../../api/types';
import { code, t } from '../../i18n';
import { when } from '../../i18n/time';
import { Button } from '../../parts/Button';
import { Facts, Head, Split, type Fact } from '../../parts/Layout';
import { Empty, Note } from '../../parts/Note';
import { Waiting } from '../../parts/Waiting';
import { back, go, href, place } from '../../router';
import { useAsk, useDo } from '../../state/ask';
import { rows } from '../../state/inbox';
import { desk } from '../../state/view';
import { content, nameOf, said, type Fields } from '../../words/body';

const kinds = ['EncounterNotification', 'StatusUpdate', 'HandoffReport', 'SecureMessage', 'Referral'] as const;
const titleOf = (m: MatchRow) => t('mt.row', { kind: t(`mt.kind.${kinds.find((k) => k === m.kind) ?? 'other'}`), adapter: m.adapter });
export function Matches() {
  const asked = useAsk('match.list', { waiting: true, limit: 100 }), at = place.value.tab, list = asked.data?.matches ?? [];
  const menu = (
    <>
      {desk.value ? <h1 class="sec">{t('nav.match')} <span class="n">{list.length}</span></h1> : <Head title={t('nav.match')} />}
      {!asked.data ? <Waiting asked={asked} /> : list.length === 0 ? <Empty title={t('mt.none')}>{t('mt.none.what')}</Empty> : list.map((m) => (
        <a key={m.id} class={`row row-two${String(m.id) === at ? ' is-on' : ''}`} href={href('match/' + m.id)} aria-current={String(m.id) === at ? 'true' : undefined}><span><b>{titleOf(m)}</b><small class="muted">{t('mt.n', { n: m.candidates.length })}</small></span><span class="due">{when(m.at)}</span></a>
      ))}
    </>
  );
  return <Split list={menu} open={!!at} label={t('nav.match')}>{at ? <One key={at} id={Number(at)} then={() => { asked.again(); go('match', true); }} /> : <Empty title={t('mt.pick')} />}</Split>;
}
const sexes = { m: 'nr.sex.M', male: 'nr.sex.M', f: 'nr.sex.F', female: 'nr.sex.F', x: 'nr.sex.X', other: 'nr.sex.X' } as const;
const sexWords = (sex: string) => { const key = sexes[sex.toLowerCase() as keyof typeof sexes]; return key ? t(key) : sex; };
// "dob (in part), family name": the fields that are alike, in words.
const fields = ['name', 'dob', 'sex', 'phone', 'address', 'postal', 'number', 'time'] as const;
const sameWords = (why: string) => [...new Set(why.split(', ').map((w) => { const f = fields.find((x) => w.includes(x)); return f ? t(`mt.f.${f}`) : w; }))].join(', ');
function factsOf(subject: Fields | undefined): Fact[] {
  const s = subject ?? {}, name = nameOf(s['name']) || said(s['descriptor']);
  return [{ what: t('mt.name'), words: name }, { what: t('mt.born'), words: said(s['dob']) || said(s['age_band']) }, { what: t('mt.sex'), words: sexWords(said(s['sex'])) }].filter((f) => f.words);
}
function One({ id, then }: { id: number; then: () => void }) {
  const asked = useAsk('match.show', { id }), m = asked.data, doing = useDo(), [sure, setSure] = useState('');
  if (!m) return <Waiting asked={asked} />;
  const record = content(m.body), event = said(record['event']);
  const more: Fact[] = [{ what: t('mt.event'), words: event && code('encounter_event', event) }, { what: t('mt.facility'), words: said(record['facility']) }, { what: t('mt.at'), words: said(record['at']) && when(said(record['at'])) }].filter((f) => f.words);
  return (
    <>
      <Head level={2} title={titleOf(m)} sub={when(m.at)} onBack={desk.value ? undefined : () => back('match')} />
      <div class="page page-read">
        <Note>{t('mt.sub')}</Note>
        <section class="card card-facts"><h3 class="h3 facts-head">{t('mt.record')}</h3><Facts facts={[...factsOf(m.who as Fields | undefined), ...more]} /></section>
        {m.candidates.map((c) => {
          const row = rows.value.get(c.thread);
          return (
            <section key={c.thread} class="card card-pad stack-3">
              <div><h3>{t('mt.thread', { who: row?.who.words ?? c.other })}</h3><p class="small muted">{[t('mt.score', { n: c.score }), c.why ? t('mt.why', { fields: sameWords(c.why) }) : ''].filter(Boolean).join('. ')}</p></div>
              <Facts facts={factsOf(c.subject as Fields | undefined)} />
              <Button icon="check" busy={doing.busy && sure === c.thread} onClick={() => { setSure(c.thread); void doing.run(() => call('match.confirm', { id, thread: c.thread })).then((out) => { if (out) then(); }); }}>{t('mt.confirm')}</Button>
              {doing.wrong && sure === c.thread && <Note tone="danger" alert title={doing.wrong} />}
            </section>
          );
        })}
        {doing.wrong && !sure && <Note tone="danger" alert title={doing.wrong} />}
        <div><Button kind="quiet" class="start" onClick={() => { setSure(''); void doing.run(() => call('match.dismiss', { id })).then((out) => { if (out) then(); }); }}>{t('mt.dismiss')}</Button><p class="small muted">{t('mt.dismiss.what')}</p></div>
      </div>
    </>
  );
}
