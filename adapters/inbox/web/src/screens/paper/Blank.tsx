// The referral form on paper, empty, with the fields of the form on the screen. Only ever seen when printed.
import type { ComponentChildren } from 'preact';
import { codeIn, codes, tIn, type Language, type PlainKey, type ValueSet } from '../../i18n';
import { session } from '../../state/session';

export function Blank({ lang }: { lang: Language }) {
  const w = (key: PlainKey) => tIn(lang, key), page = (n: number) => w('pp.form') + (lang === 'es' ? `, página ${n} de 2` : `, page ${n} of 2`);
  const Line = ({ of, wide }: { of: PlainKey; wide?: boolean }) => <p class={`bl${wide ? ' bl-wide' : ''}`}><span>{w(of)}</span></p>;
  const Boxes = ({ of, words }: { of: PlainKey; words: string[] }) => <p class="bl-boxes"><b>{w(of)}</b> {words.map((x) => <span key={x}><i aria-hidden="true" />{x}</span>)}</p>;
  const set = (name: ValueSet) => codes(name).map((c) => codeIn(lang, name, c)), yes = [w('yes'), w('no'), w('unknown')];
  const Part = ({ of, children }: { of: PlainKey; children: ComponentChildren }) => <section><h2>{w(of)}</h2>{children}</section>;
  return (
    <div class="blank" lang={lang}>
      <div class="sheet-of-paper">
        <header><h1>{w('pp.title')}</h1><p>{session.value?.agency.name}</p></header>
        <p class="bl-help">{w('pp.fill')} {w('pp.keep')}</p>
        <div class="bl-grid"><Line of="pp.date" /><Line of="nr.to" /></div>
        <Boxes of="nr.urgency" words={[w('urgency.emergent'), w('urgency.urgent'), w('urgency.routine')]} />
        <Boxes of="nr.service" words={set('service')} />
        <Part of="nr.person">
          <div class="bl-grid"><Line of="nr.given" /><Line of="nr.family" /><Line of="nr.dob" /><Line of="nr.age_band" /><Line of="nr.language" /><Line of="nr.person_phone" /><Line of="nr.kin_name" /><Line of="nr.kin_phone" /></div>
          <Boxes of="nr.sex" words={[w('nr.sex.M'), w('nr.sex.F'), w('nr.sex.X')]} /><Boxes of="nr.interpreter" words={[w('yes'), w('no')]} /><Line of="nr.descriptor" wide /><Line of="nr.safe_to_contact" wide />
        </Part>
        <Part of="nr.why"><Boxes of="nr.reasons" words={set('reason')} /><Line of="nr.reason_text" wide /><Line of="nr.location_now" wide /></Part>
        <Part of="nr.safety">
          <div class="bl-grid"><Boxes of="nr.weapons" words={yes} /><Boxes of="nr.weapons_secured" words={yes} /></div><Line of="nr.means" wide /><div class="bl-grid"><Boxes of="nr.self" words={yes} /><Boxes of="nr.others" words={yes} /><Boxes of="nr.grave" words={yes} /></div>
          <div class="bl-grid"><Line of="nr.restraint" /><Line of="nr.injury" /></div>
        </Part>
        <footer>{page(1)}</footer>
      </div>
      <div class="sheet-of-paper">
        <Part of="nr.hold">
          <div class="bl-grid"><Line of="nr.hold_form" /><Line of="nr.hold_basis" /><Line of="nr.hold_start" /><Line of="nr.hold_expires" /></div>
          <div class="bl-grid"><Boxes of="nr.rights" words={yes} /><Boxes of="nr.form_attached" words={yes} /></div><Boxes of="nr.clearance" words={set('clearance_status')} />
        </Part>
        <Part of="nr.requester">
          <div class="bl-grid"><Line of="nr.requester_name" /><Line of="nr.requester_role" /><Line of="nr.callback" /><Line of="nr.incident_ref" /></div>
          <Boxes of="nr.basis" words={['consent', 'treatment', 'emergency', 'hold'].map((c) => codeIn(lang, 'authority_basis', c))} /><Line of="nr.consent_ref" wide />
        </Part>
        <Part of="nr.more"><Line of="nr.medications" wide /><Line of="nr.allergies" wide /><Line of="nr.payer" wide /><Line of="nr.notes" wide /><Line of="nr.notes" wide /></Part>
        <Part of="pp.answer">
          <Boxes of="pp.answer" words={[w('pp.accepted'), w('pp.declined')]} />
          <div class="bl-grid"><Line of="pp.told" /><Line of="pp.date" /><Line of="pp.sign" /><Line of="pp.typed" /></div>
        </Part>
        <footer>{page(2)}</footer>
      </div>
    </div>
  );
}
