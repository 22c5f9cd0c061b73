// What people were to be told, and how far each telling came.
import { useEffect, useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { Notice } from '../../api/types';
import { t } from '../../i18n';
import { when } from '../../i18n/time';
import { Button } from '../../parts/Button';
import { Chip } from '../../parts/Chip';
import { Waiting } from '../../parts/Waiting';
import { href, threadPath } from '../../router';
import { useAsk, useDo } from '../../state/ask';
import { onNotice } from '../../state/notices';

const tone = { waiting: 'warn', accepted: undefined, fetched: undefined, opened: 'ok', failed: 'danger' } as const;
// By its kind, in this device's language; what is no kind is a deadline.
const kinds = ['referral', 'handoff', 'message', 'answer', 'cancelled', 'expired', 'offer_next', 'match', 'attachment', 'refused', 'break_glass', 'view', 'test'] as const;
export const noticeWords = (n: Notice): string => {
  const words = t(`oc.what.${kinds.find((k) => n.what === k || n.what.startsWith(k + ':')) ?? 'other'}`), urgency = (['emergent', 'urgent', 'routine'] as const).find((u) => u === n.urgency);
  return urgency ? `${words}, ${t(`urgency.${urgency}`).toLowerCase()}` : words;
};
export function Notices() {
  const [limit, setLimit] = useState(10), asked = useAsk('notices', { limit });
  useEffect(() => onNotice(asked.again), []);
  return (
    <section class="card" aria-labelledby="oc-notices">
      <div class="card-head"><h2 id="oc-notices">{t('oc.notices')}</h2></div>
      {!asked.data ? <Waiting asked={asked} /> : asked.data.notices.length === 0 ? <p class="pad muted small">{t('oc.no_notices')}</p> : (
        <><p class="small muted card-sub">{t('oc.states')}</p><ul class="lines">{asked.data.notices.map((n) => <Line key={n.seq} notice={n} then={asked.again} />)}</ul>
          {asked.data.next !== null && <div class="pad"><Button kind="quiet" onClick={() => setLimit(limit + 20)}>{t('oc.more')}</Button></div>}</>
      )}
    </section>
  );
}
function Line({ notice: n, then }: { notice: Notice; then: () => void }) {
  const doing = useDo();
  return (
    <li class="notice">
      <span class="grow"><b>{noticeWords(n)}</b><small><time dateTime={n.at}>{when(n.at)}</time>. {n.seen ? t('oc.seen', { who: n.seen_by, time: when(n.seen) }) : t('oc.not_seen')}</small>{doing.wrong && <small class="err" role="alert">{doing.wrong}</small>}</span>
      <span class="btns">
        {n.thread && <a class="btn btn-quiet" href={href(threadPath(n.thread))}>{t('oc.open')}<span class="vh"> {noticeWords(n)}</span></a>}
        {!n.seen && <Button busy={doing.busy} onClick={() => void doing.run(() => call('notices.seen', { seq: n.seq })).then(then)}>{t('oc.mark_seen')}</Button>}
      </span>
      {n.told?.length > 0 && <ul class="told">{n.told.map((x, i) => <li key={i}><span><bdi>{t('oc.told', { who: x.login, channel: x.channel })}</bdi></span><Chip tone={tone[x.state]} icon={x.state === 'failed' ? 'alert' : x.state === 'waiting' ? 'clock' : 'check'}>{t(`oc.state.${x.state}`)}</Chip>{x.why && <small class="muted">{x.why}</small>}</li>)}</ul>}
    </li>
  );
}
