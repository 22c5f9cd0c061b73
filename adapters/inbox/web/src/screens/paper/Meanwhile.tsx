// After an outage: how much came meanwhile, and where to see it.
import { t } from '../../i18n';
import { when } from '../../i18n/time';
import { Button } from '../../parts/Button';
import { Note } from '../../parts/Note';
import { go } from '../../router';
import { rows } from '../../state/inbox';
import { noticed, outage } from '../../state/outage';

export function Meanwhile() {
  const o = outage.value;
  if (!o || noticed.value) return null;
  const n = [...rows.value.values()].filter((r) => r.side === 'to_us' && Date.parse(r.updated) >= o.since).length, time = when(o.since), close = () => { noticed.value = true; };
  return (
    <div class="meanwhile" role="status">
      <Note tone="ok" card={false} title={n > 0 ? t('pp.meanwhile.n', { n, time }) : t('pp.meanwhile.zero', { time })}
        act={<span class="btns">{n > 0 && <Button onClick={() => { close(); go('downtime'); }}>{t('pp.look')}</Button>}<Button kind="quiet" onClick={close}>{t('do.close')}</Button></span>} />
    </div>
  );
}
