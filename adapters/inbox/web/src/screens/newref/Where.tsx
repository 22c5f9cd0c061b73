// What is needed and who has room for it: asked before a person is named to anybody.
import type { Capacity, Member } from '../../api/types';
import { code, t } from '../../i18n';
import { Call } from '../../parts/Button';
import { Choice } from '../../parts/Field';
import { useAsk } from '../../state/ask';
import { session } from '../../state/session';
import { ago, isStale, Room, useCapacity } from '../capacity/parts';
import { Ask, label, ofSet, type Answers } from './ask';

const rank = (c: Capacity) => (isStale(c) ? 2 : c.state === 'has' ? 0 : c.state === 'waitlist' ? 1 : 3);
export function Where({ of }: { of: Answers }) {
  const { form, set } = of, asked = useCapacity(form.service || 'none'), members = useAsk('directory', {}), us = session.value?.agency.slug;
  const with_ = form.service ? [...(asked.data?.capacity ?? [])].filter((c) => !c.ours).sort((a, b) => rank(a) - rank(b)) : [];
  const known = new Set(with_.map((c) => c.agency)), others = (members.data?.members ?? []).filter((m: Member) => m.slug !== us && m.kind !== 'coordinator' && m.type !== 'hub' && m.standing === 'active' && !known.has(m.slug));
  const chosen = with_.find((c) => c.agency === form.to);
  return (
    <section class="card card-pad stack-4">
      <h2 class="head">{t('nr.where')}</h2>
      <Ask.Pick of={of} name="service" options={ofSet('service')} />
      <Ask.Radios of={of} name="urgency" options={(['emergent', 'urgent', 'routine'] as const).map((value) => ({ value, words: t(`urgency.${value}`) }))} />
      <fieldset class="pick"><legend>{label('to')}</legend>
        {!form.service ? <p class="small muted">{t('nr.to.pick')}</p> : (
          <div class="stack">
            {with_.map((c) => <Choice key={c.agency} name="to" on={form.to === c.agency} onPick={() => set({ to: c.agency })} small={[code('service', c.service), ago(c.as_of)].join(', ')} end={<Room of={c} />}><bdi>{c.name}</bdi></Choice>)}
            {others.length > 0 && <details class="more" open={with_.length === 0}><summary>{t('nr.to.others')}</summary><div class="stack">{others.map((m: Member) => <Choice key={m.slug} name="to" on={form.to === m.slug} onPick={() => set({ to: m.slug })} small={code('agency_kind', m.kind)}><bdi>{m.display || m.slug}</bdi></Choice>)}</div></details>}
          </div>
        )}
        <Ask.Err of={of} name="to" />
      </fieldset>
      {form.urgency === 'emergent' && chosen?.phone && <><p class="small muted">{t('nr.call_first', { agency: chosen.name })}</p><Call phone={chosen.phone} who={chosen.name} /></>}
    </section>
  );
}
