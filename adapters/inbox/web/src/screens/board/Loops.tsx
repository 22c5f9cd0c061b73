// All open loops, the ones in need first.
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Button } from '../../parts/Button';
import { Choice } from '../../parts/Field';
import { Head, Wide } from '../../parts/Layout';
import { Empty } from '../../parts/Note';
import { Stale, Waiting } from '../../parts/Waiting';
import { useAsk } from '../../state/ask';
import { byNeed } from '../../words/loops';
import { useFresh } from './Board';
import { LoopTable } from './LoopTable';

export function Loops() {
  const [overdue, setOverdue] = useState(false), [limit, setLimit] = useState(100), asked = useAsk('loops', { open: true, limit, ...(overdue ? { overdue } : {}) });
  useFresh(asked);
  const list = [...(asked.data?.loops ?? [])].sort(byNeed);
  return (
    <Wide>
      <Head title={t('bd.loops')} sub={t('bd.loops.sub')} />
      <Stale asked={asked} />
      <div class="page page-flush">
        <div class="pad-phone"><Choice type="checkbox" name="overdue" on={overdue} onPick={setOverdue}>{t('bd.loops.only')}</Choice></div>
        {!asked.data ? <Waiting asked={asked} /> : list.length === 0 ? <Empty title={t('bd.loops.none')} /> : <section class="card card-flush"><LoopTable loops={list} empty="" /></section>}
        {asked.data?.more && <Button kind="quiet" onClick={() => setLimit(limit + 200)}>{t('bd.loops.more')}</Button>}
      </div>
    </Wide>
  );
}
