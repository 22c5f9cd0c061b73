// Offering a person to the agency that agreed to take them: what the one who brings them says.
import { useState } from 'preact/hooks';
import type { Shown } from '../../api/types';
import { t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Choice, Field } from '../../parts/Field';
import { Actions } from '../../parts/Layout';
import { Note } from '../../parts/Note';
import { UndoHere } from '../../parts/UndoBar';
import { ofThread, send } from '../../state/outgoing';
import { session } from '../../state/session';
import { desk } from '../../state/view';
import { content, said, type Fields } from '../../words/body';

type Holder = 'taker' | 'offerer' | 'none';
const holders: [Holder, 'ho.f.passes.yes' | 'ho.f.passes.no' | 'ho.f.passes.none'][] = [['taker', 'ho.f.passes.yes'], ['offerer', 'ho.f.passes.no'], ['none', 'ho.f.passes.none']];
function Passes({ what, value, onPick }: { what: string; value: Holder; onPick: (h: Holder) => void }) {
  return (
    <fieldset class="pick"><legend>{what}</legend>
      <div class="chips">{holders.map(([h, words]) => <Choice key={h} name={what} on={value === h} onPick={() => onPick(h)}>{t(words)}</Choice>)}</div>
    </fieldset>
  );
}
export function OfferForm({ shown }: { shown: Shown }) {
  const opening = content(shown.opening), hold = (opening['hold'] ?? {}) as Fields, held = said(hold['form']) !== '' || said(hold['start']) !== '', us = session.value?.person;
  const [place, setPlace] = useState(shown.row.place), [condition, setCondition] = useState(''), [screened, setScreened] = useState(''), [restraint, setRestraint] = useState(said(opening['restraint']));
  const [belongings, setBelongings] = useState(''), [form, setForm] = useState(hold['form_attached'] === 'yes'), [pulse, setPulse] = useState(''), [pressure, setPressure] = useState('');
  const [callback, setCallback] = useState(shown.row.side === 'from_us' ? said((opening['requester'] as Fields | undefined)?.['phone']) : ''), [wrong, setWrong] = useState(false);
  const [custody, setCustody] = useState<Holder>('taker'), [care, setCare] = useState<Holder>('taker'), [legal, setLegal] = useState<Holder>('offerer');
  const busy = ofThread(shown.thread)?.op === 'handoff', who = shown.row.who.words;
  const observed = [[t('ho.f.pulse'), pulse, '8867-4', '/min'], [t('ho.f.pressure'), pressure, '85354-9', 'mmHg']].filter(([, v]) => v?.trim()).map(([text, value, code, unit]) => ({ code: { system: 'http://loinc.org', code, text }, value, unit }));
  const go = () => {
    if (!condition.trim()) { setWrong(true); return; }
    send('handoff', {
      thread: shown.thread, phase: 'offer', place: place.trim(), condition: condition.trim(), weapons_screened: screened, restraint: restraint.trim(), belongings: belongings.trim(), name: us?.name ?? '', role: us?.roles[0] ?? '',
      callback: callback.trim(), custody, clinical: care, legal: held ? legal : 'none', ...(held ? { hold: { ...hold, form_attached: form ? 'yes' : 'no' } } : {}), ...(observed.length ? { observations: observed } : {}),
      basis: said(opening['authority_basis']), consent_ref: said(opening['consent_ref']),
    }, { thread: shown.thread, title: t('ho.offering', { who }) });
  };
  return (
    <form class="fill" noValidate onSubmit={(e) => { e.preventDefault(); go(); }}>
      <Note tone="plain" icon="swap" card={false} title={t('ho.offer.head', { agency: shown.other_name })}>{t('ho.offer.what')}</Note>
      <div class="page page-read">
        <section class="card card-pad stack-4">
          <Field label={t('ho.f.condition')} hint={t('ho.f.condition.hint')} value={condition} onInput={setCondition} rows={2} required wrong={wrong && !condition.trim() ? t('ho.f.condition.need') : ''} />
          <div class="halves"><Field label={t('ho.f.place')} hint={t('ho.f.place.hint')} value={place} onInput={setPlace} /><Field label={t('ho.f.callback')} type="tel" inputMode="tel" value={callback} onInput={setCallback} /></div>
          <div class="pair pair-always"><Field label={t('ho.f.pulse')} inputMode="numeric" value={pulse} onInput={setPulse} /><Field label={t('ho.f.pressure')} value={pressure} onInput={setPressure} /></div>
        </section>
        <section class="card card-pad stack-4">
          <fieldset class="pick"><legend>{t('ho.f.screened')}</legend><div class="chips">{(['yes', 'no'] as const).map((v) => <Choice key={v} name="screened" on={screened === v} onPick={() => setScreened(v)}>{t(v)}</Choice>)}</div></fieldset>
          <div class="halves"><Field label={t('ho.f.restraint')} hint={t('ho.f.restraint.hint')} value={restraint} onInput={setRestraint} /><Field label={t('ho.f.belongings')} hint={t('ho.f.belongings.hint')} value={belongings} onInput={setBelongings} /></div>
          {held && <Choice type="checkbox" name="form" on={form} onPick={setForm} small={said(hold['form'])}>{t('ho.f.form')}</Choice>}
        </section>
        <section class="card card-pad stack-4">
          <h3>{t('ho.f.passes')}</h3>
          <Passes what={t('ho.care')} value={care} onPick={setCare} /><Passes what={t('ho.custody')} value={custody} onPick={setCustody} />{held && <Passes what={t('ho.legal')} value={legal} onPick={setLegal} />}
        </section>
      </div>
      <Actions one><UndoHere thread={shown.thread} />{desk.value && <p class="small muted">{t('ho.record')}</p>}<Button big wide kind="main" icon="swap" type="submit" busy={busy}>{t('ho.offer')}</Button></Actions>
    </form>
  );
}
