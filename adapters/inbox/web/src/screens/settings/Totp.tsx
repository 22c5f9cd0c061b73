// The code app (RFC 6238): a picture to scan, the secret as text, and six digits before it counts.
import { useMemo, useState } from 'preact/hooks';
import { encode } from 'uqr';
import { post } from '../../api/client';
import { t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Field } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import { Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { useDo } from '../../state/ask';
import { session } from '../../state/session';

// One path of unit squares, on white with the quiet zone that scanners need.
function Qr({ of }: { of: string }) {
  const { data, size } = useMemo(() => encode(of, { border: 4 }), [of]);
  const path = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('st.totp.qr')}><path class="qr-ground" d={`M0 0h${size}v${size}h-${size}z`} /><path class="qr-ink" d={path} /></svg>;
}
const mark = (totp: boolean) => { if (session.value) session.value = { ...session.value, second_factor: { ...session.value.second_factor, totp } }; };
export function Totp() {
  const on = session.value?.second_factor.totp ?? false, [open, setOpen] = useState(false);
  return (
    <li><Icon name="idcard" /><span class="grow"><b>{t('st.totp')}</b><small>{t(on ? 'st.totp.on' : 'st.totp.off')}</small></span>
      <Button onClick={() => setOpen(true)}>{t(on ? 'st.remove' : 'st.totp.add')}</Button>
      {open && (on ? <Remove onClose={() => setOpen(false)} /> : <Add onClose={() => setOpen(false)} />)}
    </li>
  );
}
function Add({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<{ secret: string; uri: string } | null>(null), [digits, setDigits] = useState(''), doing = useDo();
  const begin = () => void doing.run(() => post<{ secret: string; uri: string }>('/auth/totp/new', {})).then(setMade);
  const confirm = () => void doing.run(() => post('/auth/totp/confirm', { code: digits.replace(/\D/g, '') })).then((out) => { if (out) { mark(true); onClose(); } });
  return (
    <Sheet title={t('st.totp')} onClose={onClose} onSubmit={made ? confirm : begin} foot={<Button big wide kind="main" type="submit" busy={doing.busy}>{t(made ? 'st.totp.confirm' : 'st.totp.add')}</Button>}>
      {made && (
        <>
          <p>{t('st.totp.scan')}</p>
          <Qr of={made.uri} />
          <dl class="facts"><dt>{t('st.totp.secret')}</dt><dd class="mono secret">{made.secret.replace(/(.{4})(?=.)/g, '$1 ')}</dd></dl>
          {made.uri.startsWith('otpauth:') && <a class="btn btn-quiet" href={made.uri}>{t('st.totp.open')}</a>}
          <Field label={t('st.totp.code')} value={digits} onInput={setDigits} inputMode="numeric" autocomplete="one-time-code" required autofocus />
        </>
      )}
      {doing.wrong && <Note tone="danger" alert title={doing.wrong} />}
    </Sheet>
  );
}
function Remove({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState(''), doing = useDo();
  const go = () => void doing.run(() => post('/auth/totp/remove', { password })).then((out) => { if (out) { mark(false); onClose(); } });
  return (
    <Sheet title={t('st.totp.remove')} onClose={onClose} onSubmit={go} foot={<Button big wide kind="main" type="submit" busy={doing.busy}>{t('st.totp.remove')}</Button>}>
      <Field label={t('st.password.old')} type="password" autocomplete="current-password" value={password} onInput={setPassword} required autofocus wrong={doing.wrong} />
    </Sheet>
  );
}
