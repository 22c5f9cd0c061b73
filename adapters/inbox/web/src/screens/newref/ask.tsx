// The fields of the form, each by its name: label, value and what is wrong with it come from one place.
import { code, codes, t, type PlainKey, type ValueSet } from '../../i18n';
import { Choice, Field, Select } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import { MomentField } from '../../parts/MomentField';
import type { Form } from '../../words/form';

export interface Answers { form: Form; set: (change: Partial<Form>) => void; wrong: Partial<Record<keyof Form, string>> }
type Texts = { [K in keyof Form]: Form[K] extends string ? K : never }[keyof Form];
type Flags = { [K in keyof Form]: Form[K] extends boolean ? K : never }[keyof Form];
type Lists = { [K in keyof Form]: Form[K] extends string[] ? K : never }[keyof Form];
export const label = (name: keyof Form): string => t(`nr.${name}` as PlainKey);

function Text({ of, name, ...more }: { of: Answers; name: Texts; rows?: number; type?: string; hint?: string; inputMode?: 'tel' | 'numeric'; required?: boolean }) {
  return <Field label={label(name)} value={of.form[name]} onInput={(value) => of.set({ [name]: value })} wrong={of.wrong[name] ?? ''} {...more} />;
}
// A day and a time, 24 hours, as the agency's wall clock has them.
function Moment({ of, name }: { of: Answers; name: Texts }) {
  return <MomentField label={label(name)} value={of.form[name]} onInput={(value) => of.set({ [name]: value })} wrong={of.wrong[name] ?? ''} />;
}
export interface Option { value: string; words: string }
function Pick({ of, name, options }: { of: Answers; name: Texts; options: Option[] }) {
  return <Select label={label(name)} value={of.form[name]} onInput={(value) => of.set({ [name]: value })} options={[{ value: '', words: t('nr.none') }, ...options]} {...(of.wrong[name] ? { wrong: of.wrong[name] } : {})} />;
}
const Err = ({ of, name }: { of: Answers; name: keyof Form }) => (of.wrong[name] ? <span class="err" role="alert"><Icon name="alert" size="s" />{of.wrong[name]}</span> : null);
// A few answers beside each other; pressing the chosen one again takes it back.
function Radios({ of, name, options }: { of: Answers; name: Texts; options: Option[] }) {
  return (
    <fieldset class="pick"><legend>{label(name)}</legend>
      <div class="chips">{options.map((o) => <Choice key={o.value} name={name} on={of.form[name] === o.value} onPick={() => of.set({ [name]: o.value })}>{o.words}</Choice>)}</div><Err of={of} name={name} />
    </fieldset>
  );
}
const YesNo = ({ of, name }: { of: Answers; name: Texts }) => <Radios of={of} name={name} options={(['yes', 'no', 'unknown'] as const).map((value) => ({ value, words: t(value) }))} />;
function Many({ of, name, set }: { of: Answers; name: Lists; set: ValueSet }) {
  const on = of.form[name], flip = (c: string, yes: boolean) => of.set({ [name]: yes ? [...on, c] : on.filter((x) => x !== c) });
  return (
    <fieldset class="pick"><legend>{label(name)}</legend>
      <div class="chips">{codes(set).map((c) => <Choice key={c} type="checkbox" name={name} on={on.includes(c)} onPick={(yes) => flip(c, yes)}>{code(set, c)}</Choice>)}</div><Err of={of} name={name} />
    </fieldset>
  );
}
const Flag = ({ of, name }: { of: Answers; name: Flags }) => <Choice type="checkbox" name={name} on={of.form[name]} onPick={(on) => of.set({ [name]: on })}>{label(name)}</Choice>;
export const Ask = { Text, Moment, Pick, Radios, YesNo, Many, Flag, Err };
export const ofSet = (set: ValueSet): Option[] => codes(set).map((value) => ({ value, words: code(set, value) }));
