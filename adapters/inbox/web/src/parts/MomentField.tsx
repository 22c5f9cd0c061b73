// A day and a time of day, typed beside each other: "2026-10-05T14:10", of the agency's wall clock. Empty: not said.
import { t } from '../i18n';
import { Field, TimeField } from './Field';

export function MomentField({ label, value, onInput, wrong }: { label: string; value: string; onInput: (value: string) => void; wrong?: string }) {
  const [day = '', time = ''] = value.split('T'), put = (d: string, h: string) => onInput(d || h ? `${d}T${h}` : '');
  return (
    <fieldset class="pick"><legend>{label}</legend>
      <div class="pair pair-always"><Field label={t('move.day')} type="date" value={day} onInput={(d) => put(d, time)} /><TimeField label={t('move.time')} value={time} onInput={(h) => put(day, h)} {...(wrong ? { wrong } : {})} /></div>
    </fieldset>
  );
}
