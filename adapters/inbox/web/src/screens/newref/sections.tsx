// The sections of the form after the agency has been chosen.
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n';
import { ages } from '../capacity/parts';
import { Ask, ofSet, type Answers } from './ask';

const grounds = ['danger_to_self', 'danger_to_others', 'grave_disability'] as const;
function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return <section class="card card-pad stack-4"><h2 class="head">{title}</h2>{children}</section>;
}
const Pair = ({ children }: { children: ComponentChildren }) => <div class="halves">{children}</div>;
export function Person({ of }: { of: Answers }) {
  const { form } = of;
  return (
    <Section title={t('nr.person')}>
      <Ask.Flag of={of} name="unknown" />
      {!form.unknown && <Pair><Ask.Text of={of} name="given" /><Ask.Text of={of} name="family" required /></Pair>}
      {form.unknown && <Ask.Text of={of} name="descriptor" hint={t('nr.descriptor.hint')} required />}
      <Pair><Ask.Text of={of} name="dob" type="date" /><Ask.Pick of={of} name="age_band" options={ages.map((value) => ({ value, words: t(`age.${value}`) }))} /></Pair>
      <Pair><Ask.Pick of={of} name="sex" options={(['M', 'F', 'X'] as const).map((value) => ({ value, words: t(`nr.sex.${value}`) }))} /><Ask.Text of={of} name="gender" /></Pair>
      <Pair><Ask.Text of={of} name="language" hint={t('nr.language.hint')} /><div class="end"><Ask.Flag of={of} name="interpreter" /></div></Pair>
      <Pair><Ask.Text of={of} name="person_phone" type="tel" inputMode="tel" /><Ask.Text of={of} name="safe_to_contact" /></Pair>
      <Pair><Ask.Text of={of} name="kin_name" /><Pair><Ask.Text of={of} name="kin_role" /><Ask.Text of={of} name="kin_phone" type="tel" inputMode="tel" /></Pair></Pair>
    </Section>
  );
}
export function Why({ of }: { of: Answers }) {
  return (
    <Section title={t('nr.why')}>
      <Ask.Many of={of} name="reasons" set="reason" />
      <Ask.Text of={of} name="reason_text" rows={3} />
      <Ask.Text of={of} name="location_now" required />
      <Pair><Ask.Text of={of} name="incident_ref" /><div class="end"><Ask.Flag of={of} name="transport" /></div></Pair>
    </Section>
  );
}
export function Safety({ of }: { of: Answers }) {
  return (
    <Section title={t('nr.safety')}>
      <Ask.YesNo of={of} name="weapons" />
      {of.form.weapons === 'yes' && <><Ask.YesNo of={of} name="weapons_secured" /><Ask.Text of={of} name="means" /></>}
      <Ask.YesNo of={of} name="self" /><Ask.YesNo of={of} name="others" /><Ask.YesNo of={of} name="grave" />
      <Pair><Ask.Text of={of} name="restraint" /><Ask.Text of={of} name="injury" /></Pair>
    </Section>
  );
}
export function Hold({ of }: { of: Answers }) {
  return (
    <Section title={t('nr.hold')}>
      <Ask.Text of={of} name="hold_form" hint={t('nr.hold_form.hint')} />
      {of.form.hold_form.trim() !== '' && (
        <>
          <Ask.Radios of={of} name="hold_basis" options={grounds.map((value) => ({ value, words: t(`nr.basis.${value}`) }))} />
          <Pair><Ask.Moment of={of} name="hold_start" /><Ask.Moment of={of} name="hold_expires" /></Pair>
          <Ask.YesNo of={of} name="rights" /><Ask.YesNo of={of} name="form_attached" />
        </>
      )}
      <Ask.Pick of={of} name="clearance" options={ofSet('clearance_status')} />
    </Section>
  );
}
export function Requester({ of }: { of: Answers }) {
  return (
    <Section title={t('nr.requester')}>
      <Pair><Ask.Text of={of} name="requester_name" required /><Ask.Pick of={of} name="requester_role" options={ofSet('actor_role')} /></Pair>
      <Ask.Text of={of} name="callback" type="tel" inputMode="tel" required />
      <Ask.Pick of={of} name="basis" options={ofSet('authority_basis')} />
      {of.form.basis === 'consent' && <Ask.Text of={of} name="consent_ref" required />}
      <Ask.Many of={of} name="labels" set="label" />
    </Section>
  );
}
export function More({ of }: { of: Answers }) {
  return (
    <details class="card more"><summary>{t('nr.more')}</summary>
      <div class="card-pad stack-4">
        <Pair><Ask.Text of={of} name="medications" rows={3} /><Ask.Text of={of} name="allergies" rows={3} /></Pair>
        <Pair><Ask.Text of={of} name="payer" /><Ask.Text of={of} name="member_id" /></Pair>
        <Pair><Ask.Text of={of} name="dependents" /><Ask.Text of={of} name="housing" /></Pair>
        <Ask.YesNo of={of} name="veteran" />
        <Ask.Text of={of} name="notes" rows={3} />
      </div>
    </details>
  );
}
