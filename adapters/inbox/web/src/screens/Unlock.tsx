// The locked screen: the ways in, how much waits, and whom to call if the agent is away. No patient, service or reason before the lock opens.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Failure } from '../api/client';
import { passkeys } from '../api/webauthn';
import { t } from '../i18n';
import { Button } from '../parts/Button';
import { Field } from '../parts/Field';
import { Icon } from '../parts/Icon';
import { Note } from '../parts/Note';
import { PhoneTree } from '../parts/PhoneTree';
import { mendWords, saidWords } from '../i18n/failure';
import { atLock, begin, gate, phoneTree, ways, why } from '../state/session';
import { byCode, byPasskey, byPassword, changePassword, forgetLast, last, type Next } from '../state/signin';

const Mark = () => <span class="mark"><Icon name="swap" /></span>;
function reason(e: unknown): string {
  if (!(e instanceof Failure)) throw e;
  if (e.away) return t('unlock.away_short');
  if (e.kind === 'passkey') return t('unlock.no_passkey');
  if (e.status === 429) return t('unlock.locked_out', { n: Math.max(1, Math.ceil(e.retryAfter / 60)) });
  if (e.status === 401) return t('unlock.wrong') + mendWords(e);
  return saidWords(e);
}
// Runs one try: busy while it runs, words if it fails.
function useTry() {
  const [busy, setBusy] = useState(false), [wrong, setWrong] = useState('');
  const attempt = async (what: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setWrong('');
    try { await what(); } catch (e) { setWrong(reason(e)); } finally { setBusy(false); }
  };
  return { busy, wrong, attempt };
}

function Head() {
  const { why: reasonWhy, minutes } = why.value, first = !last();
  return (
    <div>
      <h1 tabIndex={-1} data-title>{first && reasonWhy === 'start' ? t('unlock.sign_in') : t('unlock.title')}</h1>
      <p class="muted">{reasonWhy === 'idle' ? t('unlock.idle', { n: minutes }) : reasonWhy === 'left' ? t('unlock.left') : reasonWhy === 'changed' ? t('unlock.changed') : first ? t('unlock.first') : t('unlock.start')}</p>
    </div>
  );
}
function Waiting() {
  const n = atLock.value;
  if (!n || n.waiting + n.overdue === 0) return null;
  return <Note tone={n.overdue ? 'danger' : 'plain'} icon="bell" title={n.overdue ? t('unlock.waiting_over', { n: n.waiting, over: n.overdue }) : t('unlock.waiting', { n: n.waiting })}>{t('unlock.to_see')}</Note>;
}
function Code({ ticket, onBack }: { ticket: string; onBack: () => void }) {
  const [code, setCode] = useState(''), { busy, wrong, attempt } = useTry();
  return (
    <form class="stack-3" onSubmit={(e) => { e.preventDefault(); void attempt(async () => { await byCode(ticket, code); }); }}>
      <Field label={t('unlock.code')} hint={t('unlock.code_hint')} value={code} onInput={setCode} wrong={wrong} inputMode="numeric" autocomplete="one-time-code" autofocus required />
      <Button kind="main" big wide type="submit" icon="key" busy={busy}>{t('unlock.do')}</Button>
      <Button kind="quiet" wide onClick={onBack}>{t('do.back')}</Button>
    </form>
  );
}
function Ways() {
  const known = last(), [login, setLogin] = useState(known?.login ?? ''), [person, setPerson] = useState(known);
  const [password, setPassword] = useState(''), [next, setNext] = useState<Next | null>(null), { busy, wrong, attempt } = useTry();
  const w = ways.value, withKey = w?.passkey && passkeys();
  const go = (what: () => Promise<Next | null>) => attempt(async () => { setNext(await what()); setPassword(''); });
  if (!w) return <p class="muted" role="status">{t('loading')}</p>;
  if (next) return <Code ticket={next.ticket} onBack={() => setNext(null)} />;
  return (
    <form class="stack-4" onSubmit={(e) => { e.preventDefault(); void go(() => byPassword(login.trim(), password)); }}>
      {person && <div class="party card card-pad"><Icon name="user" size="l" /><span class="grow"><b>{person.name}</b>{person.role && <><br /><span class="small muted">{person.role}</span></>}</span></div>}
      {withKey && <Button kind={person ? 'main' : 'plain'} big wide icon="key" busy={busy} onClick={() => void go(() => byPasskey(login.trim()))}>{t('unlock.passkey')}</Button>}
      {w.password && (
        <div class="stack-3">
          {!person && <Field label={t('unlock.login')} value={login} onInput={setLogin} autocomplete="username" required />}
          {person && <input class="vh" type="text" autocomplete="username" value={login} tabIndex={-1} aria-hidden="true" readOnly />}
          <Field label={t('unlock.password')} type="password" value={password} onInput={setPassword} autocomplete="current-password" wrong={wrong} required />
          <Button kind={person && withKey ? 'plain' : 'main'} big wide type="submit" icon={person && withKey ? undefined : 'key'} busy={busy}>{person ? t('unlock.do') : t('unlock.sign_in_do')}</Button>
        </div>
      )}
      {!w.password && wrong && <Note tone="danger" alert>{wrong}</Note>}
      {w.oidc.map((o) => <a key={o.id} class="btn btn-big btn-wide" href={`/auth/oidc/${encodeURIComponent(o.id)}/start`}><Icon name="users" />{t('unlock.with', { name: o.label })}</a>)}
      {person && <Button kind="quiet" wide onClick={() => { forgetLast(); setPerson(null); setLogin(''); }}>{t('unlock.switch')}</Button>}
    </form>
  );
}
export function ChangePassword() {
  const [old, setOld] = useState(''), [fresh, setFresh] = useState(''), [again, setAgain] = useState(''), [differ, setDiffer] = useState(false), { busy, wrong, attempt } = useTry();
  const send = () => {
    setDiffer(fresh !== again);
    if (fresh === again) void attempt(() => changePassword(old, fresh));
  };
  return (
    <main class="gate">
      <form class="unlock" onSubmit={(e) => { e.preventDefault(); send(); }}>
        <Mark />
        <div><h1>{t('unlock.new_title')}</h1><p class="muted">{t('unlock.new_why')}</p></div>
        <Field label={t('unlock.old')} type="password" value={old} onInput={setOld} autocomplete="current-password" wrong={wrong} required autofocus />
        <Field label={t('unlock.new')} type="password" value={fresh} onInput={setFresh} autocomplete="new-password" hint={t('unlock.new_hint')} required />
        <Field label={t('unlock.again')} type="password" value={again} onInput={setAgain} autocomplete="new-password" wrong={differ ? t('unlock.differ') : undefined} required />
        <Button kind="main" big wide type="submit" busy={busy}>{t('unlock.new_do')}</Button>
      </form>
    </main>
  );
}
function Away() {
  const [busy, setBusy] = useState(false);
  const retry = () => { setBusy(true); void begin().finally(() => setBusy(false)); };
  useEffect(() => {
    const timer = setInterval(() => void begin(), 10_000);
    window.addEventListener('online', retry);
    return () => { clearInterval(timer); window.removeEventListener('online', retry); };
  }, []);
  return (
    <>
      <div><h1 tabIndex={-1} data-title>{t('unlock.away')}</h1><p class="muted">{t('unlock.away_more')}</p></div>
      <Button icon="refresh" wide busy={busy} onClick={retry}>{t('do.retry')}</Button>
      <div class="stack"><h2 class="h3">{t('tree.order')}</h2><PhoneTree /></div>
    </>
  );
}
export function Unlock() {
  const away = gate.value === 'away', ref = useRef<HTMLElement>(null), phones = phoneTree(), [calls, setCalls] = useState(false);
  useEffect(() => { document.title = t('app.name'); ref.current?.querySelector<HTMLElement>('h1')?.focus(); }, []);
  return (
    <main class="gate" ref={ref}>
      <div class="unlock">
        <Mark />
        {away ? <Away /> : <><Head /><Waiting /><Ways /></>}
      </div>
      {!away && phones.length > 0 && (
        <div class="gate-foot">
          <Button kind="quiet" icon="phone" onClick={() => setCalls(!calls)}>{t('unlock.cannot')}</Button>
          {calls && <div class="unlock-tree"><PhoneTree entries={phones} /></div>}
        </div>
      )}
    </main>
  );
}
