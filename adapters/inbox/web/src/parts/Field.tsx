// Fields and choices with their labels. `wrong` is said beside the field and read with it.
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { clockTime } from '../words/time';
import { Icon } from './Icon';

type FieldProps = {
  label: string; value: string; onInput: (value: string) => void; wrong?: string; hint?: string; type?: string; optional?: boolean;
  autocomplete?: string; inputMode?: 'text' | 'numeric' | 'tel' | 'decimal'; list?: string[]; rows?: number; required?: boolean; autofocus?: boolean; placeholder?: string; min?: string; max?: string; onLeave?: () => void;
};
export function Field({ label, value, onInput, wrong, hint, type = 'text', autocomplete = 'off', inputMode, list, rows, required, autofocus, placeholder, min, max, onLeave }: FieldProps) {
  const id = useId(), says = wrong || hint ? id + 'h' : undefined;
  const same = {
    id, class: 'input', value, required, placeholder, autofocus, 'aria-invalid': wrong ? ('true' as const) : undefined, 'aria-describedby': says,
  };
  const typed = (e: JSX.TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) => onInput(e.currentTarget.value);
  return (
    <label class="field" for={id}>
      <span>{label}</span>
      {rows
        ? <textarea {...same} rows={rows} onInput={typed} />
        : <input {...same} type={type} autocomplete={autocomplete} inputMode={inputMode} list={list ? id + 'l' : undefined} min={min} max={max} onInput={typed} onBlur={onLeave} />}
      {list && <datalist id={id + 'l'}>{list.map((v) => <option key={v} value={v} />)}</datalist>}
      {wrong ? <span class="err" id={says} role="alert"><Icon name="alert" size="s" />{wrong}</span> : hint && <span class="small muted" id={says}>{hint}</span>}
    </label>
  );
}
export function Select({ label, value, options, onInput, wrong }: { label: string; value: string; options: { value: string; words: string }[]; onInput: (value: string) => void; wrong?: string }) {
  const id = useId();
  return (
    <label class="field" for={id}>
      <span>{label}</span>
      <select id={id} class="input" value={value} aria-invalid={wrong ? 'true' : undefined} onChange={(e) => onInput(e.currentTarget.value)}>
        {options.map((o) => <option key={o.value} value={o.value}>{o.words}</option>)}
      </select>
      {wrong && <span class="err" role="alert"><Icon name="alert" size="s" />{wrong}</span>}
    </label>
  );
}
// One row of a radio group or a check.
export function Choice({ type = 'radio', name, on, onPick, children, small, end, disabled }: {
  type?: 'radio' | 'checkbox'; name: string; on: boolean; onPick: (on: boolean) => void; children: ComponentChildren; small?: ComponentChildren; end?: ComponentChildren; disabled?: boolean;
}) {
  return (
    <label class={`choice${on ? ' is-on' : ''}${disabled ? ' is-off' : ''}`}>
      <input class="vh" type={type} name={name} checked={on} disabled={disabled} onChange={(e) => onPick(e.currentTarget.checked)} />
      <span class={`ring${type === 'checkbox' ? ' sq' : ''}`} aria-hidden="true">{on && <Icon name="check" />}</span>
      <span class="grow">{children}{small && <small>{small}</small>}</span>{end}
    </label>
  );
}
// A time of day, 24 hours whatever the device likes: "1455", "14:55" and "9:05" are understood.
export function TimeField({ label, value, onInput, wrong }: { label: string; value: string; onInput: (value: string) => void; wrong?: string }) {
  return <Field label={label} value={value} onInput={onInput} wrong={wrong} inputMode="numeric" placeholder="00:00" onLeave={() => onInput(clockTime(value) || value)} />;
}
