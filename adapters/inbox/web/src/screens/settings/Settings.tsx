// What a person sets: how this device looks, and how they sign in.
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { roleWords } from '../../i18n/role';
import { when } from '../../i18n/time';
import { Button } from '../../parts/Button';
import { Choice } from '../../parts/Field';
import { Icon } from '../../parts/Icon';
import { Card, Facts, Head, Wide } from '../../parts/Layout';
import { Note } from '../../parts/Note';
import { href } from '../../router';
import { lock, session } from '../../state/session';
import { set, settings } from '../../state/settings';
import { Password } from './Password';
import { Passkeys } from './Passkeys';
import { Totp } from './Totp';

const themes = ['system', 'light', 'dark'] as const, languages = ['', 'en', 'es'] as const;
export function Settings() {
  const s = session.value, now = settings.value, [password, setPassword] = useState(false), [said, setSaid] = useState('');
  if (!s) return null;
  return (
    <Wide>
      <Head title={t('nav.settings')} sub={s.person.name} />
      <div class="page"><div class="halves">
        <div class="stack-4">
          <section class="card card-facts"><h2 class="h3 facts-head">{t('st.you')}</h2>
            <Facts facts={[{ what: s.person.login, words: <bdi>{s.person.name}</bdi>, small: s.agency.name }, { what: t('st.roles'), words: roleWords(s.person) || s.person.roles.join(', ') }, { what: t('st.ends'), words: t('st.ends.what', { time: when(s.ends), n: Math.round(s.idle_s / 60) }) }]} />
          </section>
          <Card title={t('st.look')}>
            <fieldset class="pick"><legend>{t('st.theme')}</legend><div class="chips">{themes.map((v) => <Choice key={v} name="theme" on={now.theme === v} onPick={() => set({ theme: v })}>{t(`st.theme.${v}`)}</Choice>)}</div></fieldset>
            <fieldset class="pick"><legend>{t('st.language')}</legend><div class="chips">{languages.map((v) => <Choice key={v} name="language" on={now.language === v} onPick={() => set({ language: v })}>{t(`st.language.${v || ('account' as const)}`)}</Choice>)}</div></fieldset>
            <Choice type="checkbox" name="keys" on={now.keys} onPick={(keys) => set({ keys })} small={t('st.keys.what')}>{t('st.keys')}</Choice>
          </Card>
        </div>
        <div class="stack-4">
          {s.change_password && <Note tone="warn" icon="key" alert title={t('st.password.must')} />}
          {s.second_factor.required && !s.second_factor.totp && s.second_factor.passkeys === 0 && <Note tone="warn" icon="shield" alert title={t('st.second.need')} />}
          <section class="card" aria-labelledby="st-in">
            <div class="card-head"><h2 id="st-in">{t('st.signin')}</h2></div>
            <ul class="lines">
              <Passkeys />
              <Totp />
              <li><Icon name="lock" /><span class="grow"><b>{t('st.password')}</b></span><Button onClick={() => setPassword(true)}>{t('st.password.change')}</Button></li>
            </ul>
            <p class="small muted card-sub" role="status">{said}</p>
          </section>
          <a class="choice" href={href('on-call')}><Icon name="bell" /><span class="grow">{t('st.notices')}<small>{t('st.notices.what')}</small></span><Icon name="right" /></a>
          <div><Button icon="lock" wide onClick={() => lock('left')}>{t('st.out')}</Button><p class="small muted tc">{t('st.out.what')}</p></div>
        </div>
      </div></div>
      {password && <Password onClose={() => setPassword(false)} onDone={() => { setPassword(false); setSaid(t('st.password.done')); }} />}
    </Wide>
  );
}
