// Parts of a handoff: what the report says, who it is from, and what changes hands.
import type { Event, Shown } from '../../api/types';
import { code, t } from '../../i18n';
import { when } from '../../i18n/time';
import { Chip } from '../../parts/Chip';
import { Icon } from '../../parts/Icon';
import type { IconName } from '../../parts/icons';
import { nameOf, said, type Fields } from '../../words/body';
import { momentOf, passing, type Handover } from '../../words/handover';

export interface Item { words: string; kind: 'is' | 'not' | 'unsaid' }
// Each fact of the report; the ones that matter for safety say so when nobody said them.
export function items(report: Fields): Item[] {
  const out: Item[] = [], hold = (report['hold'] ?? {}) as Fields, clearance = said((report['clearance'] as Fields | undefined)?.['status']);
  const add = (words: string, kind: Item['kind'] = 'is') => out.push({ words, kind });
  if (said(report['condition'])) add(said(report['condition'])); else add(t('ho.item.unsaid', { what: t('ho.condition') }), 'unsaid');
  for (const o of (report['observations'] ?? []) as Fields[]) {
    const what = said(o['code']?.text) || said(o['code']?.code);
    if (what) add(`${what} ${said(o['value'])} ${said(o['unit'])}`.trim());
  }
  const screened = said(report['weapons_screened']);
  if (screened === 'yes') add(t('ho.item.searched')); else if (screened === 'no') add(t('ho.item.not_searched'), 'not'); else add(t('ho.item.unsaid', { what: t('ho.weapons') }), 'unsaid');
  const restraint = said(report['restraint']);
  if (/^(none|no)$/i.test(restraint)) add(t('ho.item.no_restraint'), 'not'); else if (restraint) add(t('ho.item.restraint', { words: restraint })); else add(t('ho.item.unsaid', { what: t('ho.restraint') }), 'unsaid');
  if (said(report['belongings'])) add(t('ho.item.belongings', { words: said(report['belongings']) }));
  if (hold['form_attached'] === 'yes') add(t('ho.item.form', { form: said(hold['form']) })); else if (said(hold['form'])) add(t('ho.item.no_form'), 'not');
  if (clearance) add(t('ho.item.clearance', { words: code('clearance_status', clearance) }));
  return out;
}
export function Items({ list }: { list: Item[] }) {
  return <ul class="ticks">{list.map((i) => <li key={i.words} class={i.kind === 'unsaid' ? 'no' : ''}><Icon name={i.kind === 'is' ? 'check' : 'minus'} size="s" /><bdi>{i.words}</bdi></li>)}</ul>;
}
export const personOf = (event: Event | null, report: Fields): { name: string; role: string; phone: string } => {
  const person = (report['person'] ?? {}) as Fields, role = said(person['role']);
  return { name: nameOf(person['name']) || event?.person || '', role: role && code('actor_role', role), phone: said(person['phone']) };
};
export function Party({ icon, title, who, at, phone }: { icon: IconName; title: string; who: { name: string; role: string }; at?: string; phone?: string }) {
  const small = [who.name, who.role, at && when(at)].filter(Boolean).join(', ');
  return (
    <div class="party">
      <Icon name={icon} size="l" /><div class="grow"><h3><bdi>{title}</bdi></h3><small><bdi>{small}</bdi></small></div>
      {phone && <a class="icon-btn" href={'tel:' + phone.replace(/[^\d+*#,]/g, '')} aria-label={t('ho.call', { who: who.name || title })} title={phone} data-call><Icon name="phone" /></a>}
    </div>
  );
}
type Hand = { icon: IconName; what: string; words: string; moves: boolean };
export function Changes({ shown, h, report, from, to }: { shown: Shown; h: Handover; report: Fields; from: string; to: string }) {
  const custody = passing(report['custody']), care = passing(report['clinical']), legal = passing(report['legal']), hold = shown.safety.find((s) => s.what === 'hold');
  const words = (p: typeof care, none: string) => (p === 'none' ? none : p === 'stays' ? t('ho.stays_with', { agency: from }) : t('ho.from_to', { from, to }));
  const held = hold?.known === true, hands: Hand[] = [
    { icon: 'heart', what: t('ho.care'), words: words(care, t('ho.no_care')), moves: care === 'passes' },
    { icon: 'users', what: t('ho.custody'), words: words(custody, t('ho.no_custody')), moves: custody === 'passes' },
    { icon: 'scale', what: t('ho.legal'), words: !held ? t('ho.no_hold') : legal === 'passes' && report['legal'] ? t('ho.from_to', { from, to }) : hold.at ? t('ho.ends', { time: when(hold.at) }) : t('ho.stays_with', { agency: from }), moves: held && legal === 'passes' && !!report['legal'] },
  ];
  return (
    <section class="card card-pad">
      <h3>{t('ho.changes')}</h3>
      <ul class="three hands">
        {hands.map((x) => (
          <li key={x.what}>
            <Icon name={x.icon} /><span><b>{x.what}</b><span><bdi>{x.words}</bdi></span></span>
            {!x.moves ? <Chip icon="minus">{t('ho.no_change')}</Chip> : h.phase === 'taken' ? <Chip tone="ok" icon="check">{when(momentOf(h.answer))}</Chip>
              : <Chip tone="warn" icon="clock">{h.offer?.outgoing || !h.offer ? t('ho.waits_them') : t('ho.waits_you')}</Chip>}
          </li>
        ))}
      </ul>
    </section>
  );
}
