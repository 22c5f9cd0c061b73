// A row of the inbox: one link that reads who, why, from whom, how long.
import type { Row as Item } from '../api/types';
import { t } from '../i18n';
import { when } from '../i18n/time';
import { href, threadPath } from '../router';
import { ofThread } from '../state/outgoing';
import { Chip, Tile, Urgency } from './Chip';
import { Clock } from './Clock';
import { Marks } from './Marks';
import { fromWords, reasonWords, stepWord } from './rowWords';

export function Row({ row, on, over, tab }: { row: Item; on?: boolean; over?: boolean; tab?: boolean }) {
  const done = row.section === 'done', waits = ofThread(row.thread);
  return (
    <a class={`row${over ? ' row-over' : ''}${done ? ' row-done' : ''}${on ? ' is-on' : ''}`} href={href(threadPath(row.thread))} aria-current={on ? 'true' : undefined}
      data-thread={row.thread} tabIndex={tab === false ? -1 : undefined}>
      <Tile initials={row.who.initials} age={row.who.age} />
      <span class="row-why">{row.unread && <span class="unread"><span class="vh">{t('row.unread')}. </span></span>}{reasonWords(row)}</span>
      {done ? <span class="due">{when(row.updated)}</span> : row.clock && <Clock due={row.clock} />}
      <span class="row-from">{fromWords(row)}</span>
      <span class="row-meta">
        {row.test && <Chip tone="warn" box>{t('test')}</Chip>}
        {waits ? <Chip tone="warn" icon="clock">{t('step.waiting')}</Chip>
          : done ? <Chip tone={row.loop === 'closed' ? 'ok' : undefined} icon={row.loop === 'closed' ? 'check' : undefined}>{row.loop === 'closed' ? t('row.closed') : stepWord(row) ?? t('section.done')}</Chip>
            : <><Urgency value={row.urgency} /><Marks marks={row.marks} word={stepWord(row)} /></>}
        {row.conflict && <Chip tone="danger" icon="alert">{t('row.conflict')}</Chip>}
        {row.expired && <Chip icon="clock">{t('row.expired')}</Chip>}
      </span>
    </a>
  );
}
