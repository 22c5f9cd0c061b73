// Break-glass: opens what policy withholds, in an emergency. Says before what it does and who is told; needs a reason, words, and a held button.
import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { Shown } from '../../api/types';
import { t } from '../../i18n';
import { when } from '../../i18n/time';
import { Button } from '../../parts/Button';
import { Field, Select } from '../../parts/Field';
import { HoldButton } from '../../parts/HoldButton';
import { Icon } from '../../parts/Icon';
import { Note } from '../../parts/Note';
import { Sheet } from '../../parts/Sheet';
import { useDo } from '../../state/ask';
import { session } from '../../state/session';
import { again } from '../../state/thread';
import { ofSet } from '../newref/ask';
import { withheldWords } from '../timelineLines';

export function BreakGlass({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const withheld = shown.withheld.filter((w) => !w.outgoing), message = (shown.events.find((e) => !e.outgoing && (e.decision?.withheld.length ?? 0) > 0) ?? shown.events.find((e) => !e.outgoing))?.message ?? '';
  const [reason, setReason] = useState(''), [text, setText] = useState(''), [done, setDone] = useState<{ until: string; review_due: string } | null>(null), doing = useDo(), ready = reason !== '' && text.trim().length >= 5;
  const go = () => void doing.run(() => call('btg.open', { message, reason, text: text.trim(), role: session.value?.person.roles[0] ?? '' })).then((out) => { if (out) { setDone(out); again(shown.thread); } });
  return (
    <Sheet title={t('bg.title')} sub={shown.row.who.words} onClose={onClose}
      foot={done ? <Button big wide kind="main" onClick={onClose}>{t('do.close')}</Button> : <HoldButton off={doing.busy ? t('loading') : ready ? undefined : t('bg.left')} onDone={go}>{t('bg.hold')}</HoldButton>}>
      {done ? <Note tone="ok" alert title={t('bg.done', { time: when(done.until) })}>{t('bg.done.review', { time: when(done.review_due) })}</Note> : (
        <>
          {withheld.length > 0 && <section class="stack"><h3 class="h3">{t('bg.withheld')}</h3>{withheld.map((w) => <Note key={w.rule + w.what.join()} tone="policy" title={withheldWords(w.what)}>{t('bg.withheld.rule', { words: w.words, rule: w.rule })}</Note>)}</section>}
          <section class="stack"><h3 class="h3">{t('bg.what')}</h3>
            <ul class="ticks plain">
              <li><Icon name="eye" size="s" /><span>{t('bg.what.opens', { agency: shown.other_name })}</span></li><li><Icon name="bell" size="s" /><span>{t('bg.what.told')}</span></li><li><Icon name="shield" size="s" /><span>{t('bg.what.review')}</span></li>
            </ul>
          </section>
          <Select label={t('bg.reason')} value={reason} onInput={setReason} options={[{ value: '', words: '' }, ...ofSet('break_glass_reason')]} />
          <Field label={t('bg.text')} hint={t('bg.text.hint')} value={text} onInput={setText} rows={3} required />
          {doing.failure && <Note tone={doing.failure.kind === 'denied' ? 'policy' : 'danger'} alert title={doing.wrong} />}
        </>
      )}
    </Sheet>
  );
}
