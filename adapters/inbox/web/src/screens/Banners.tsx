// Banners above everything: no contact (and how old what is shown is), reading only, a second factor that is still to come.
import { t } from '../i18n';
import { hm, length } from '../i18n/time';
import { Button } from '../parts/Button';
import { Banner } from '../parts/Note';
import { href } from '../router';
import { now } from '../state/clock';
import { contact, hub, synced } from '../state/hub';
import { load } from '../state/inbox';
import { session } from '../state/session';
import { desk } from '../state/view';
import { Meanwhile } from './paper/Meanwhile';

export const ageWords = (since: number): string => t('away.as_of', { time: hm(since), age: length(now.value - since) });

export function Banners() {
  const h = hub.value, s = session.value;
  const retry = desk.value ? <Button icon="refresh" onClick={() => void load()}>{t('do.retry')}</Button> : undefined;
  return (
    <div class="banners">
      {!contact.value
        ? <Banner title={t(desk.value ? 'away.device_desk' : 'away.device')} act={retry}>{t('away.device_more', { age: length(now.value - synced.value) })} <a href={href('downtime')}>{t('away.call')}</a></Banner>
        : h && !h.connected && <Banner title={t('away.hub', { time: hm(h.since) })} act={retry}>{t('away.hub_more', { n: h.waiting })} <a href={href('downtime')}>{t('away.call')}</a></Banner>}
      <Meanwhile />
      {h?.read_only && <Banner icon="lock" title={t('thread.read_only')}>{h.read_only}</Banner>}
      {s && s.second_factor.required && !s.second_factor.totp && s.second_factor.passkeys === 0 && <Banner icon="key" title={t('away.factor')} act={<a class="btn" href={href('settings')}>{t('nav.settings')}</a>}>{t('away.factor_more')}</Banner>}
    </div>
  );
}
