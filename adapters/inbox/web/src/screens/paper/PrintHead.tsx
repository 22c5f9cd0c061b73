// What a printed thread says at its head and foot: who printed it, when, and what to do with it. Printing is written in the ledger.
import { useEffect } from 'preact/hooks';
import { call } from '../../api/client';
import type { Shown } from '../../api/types';
import { t } from '../../i18n';
import { day, hm } from '../../i18n/time';
import { now } from '../../state/clock';
import { session } from '../../state/session';

export function PrintHead({ shown }: { shown: Shown }) {
  useEffect(() => {
    // However it was asked for: the button, the browser's menu, a key. Once for each print.
    const told = () => void call('ledger.printed', { thread: shown.thread }).catch(() => {});
    window.addEventListener('beforeprint', told);
    return () => window.removeEventListener('beforeprint', told);
  }, [shown.thread]);
  const s = session.value;
  return (
    <div class="print-only print-head">
      <p><b>{t('pp.printed', { who: s?.person.name ?? '', agency: s?.agency.name ?? '', time: `${day(now.peek())} ${hm(now.peek())}` })}</b></p>
      <p>{t('pp.thread', { thread: shown.thread })}. {t('pp.secret')}</p>
    </div>
  );
}
