// The safety strip: always first under the title, always there; an absent fact says so. From the fourth on, what is no danger is behind "+n".
import { useState } from 'preact/hooks';
import type { SafetyCell } from '../api/types';
import { language, t } from '../i18n';
import { when } from '../i18n/time';
import { Icon } from './Icon';
import type { IconName } from './icons';

const sign: Record<SafetyCell['what'], IconName> = { weapons: 'tri', hold: 'clock', interpreter: 'speak', risk_others: 'users', restraint: 'lock' };
// A language's code as people read it.
function said(c: SafetyCell): string {
  if (c.what !== 'interpreter' || !/^[a-z]{2,3}$/.test(c.words)) return c.words;
  try { return new Intl.DisplayNames([language.value], { type: 'language' }).of(c.words) ?? c.words; } catch { return c.words; }
}
export function SafetyStrip({ cells }: { cells: SafetyCell[] }) {
  const [all, setAll] = useState(false);
  const first = (c: SafetyCell, i: number) => all || i < 3 || c.danger, rest = cells.filter((c, i) => !first(c, i)).length;
  return (
    <ul class="safety" aria-label={t('safety')}>
      {cells.map((c, i) => ( // on paper: all of them
        <li key={c.what} class={[c.danger && 'is-danger', !first(c, i) && 'print-only'].filter(Boolean).join(' ')}>
          <Icon name={sign[c.what]} /><span><b>{t(`safety.${c.what}`)}</b>{c.known ? (c.at && !c.words ? when(c.at) : said(c)) : t('safety.not_known')}{c.known && c.at && c.words ? ', ' + when(c.at) : ''}</span>
        </li>
      ))}
      {rest > 0 && <li class="safety-more"><button type="button" onClick={() => setAll(true)}>{t('safety.more', { n: rest })}</button></li>}
    </ul>
  );
}
