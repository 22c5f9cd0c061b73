// All files of a thread.
import type { Event, Shown } from '../../api/types';
import { t } from '../../i18n';
import { when } from '../../i18n/time';
import { Empty } from '../../parts/Note';
import { FileLine } from './FileLine';

const known = ['Referral', 'SecureMessage', 'HandoffReport', 'StatusUpdate'] as const;
const withWords = (e: Event) => {
  const kind = known.find((k) => k === e.kind) ?? 'other';
  return t('file.with', { agency: e.from_name, kind: t(`file.kind.${kind}`), time: when(e.at) });
};
export function Files({ shown }: { shown: Shown }) {
  const list = shown.events.flatMap((e) => (e.retracted ? [] : (e.attachments ?? []).map((file) => ({ e, file }))));
  if (list.length === 0) return <Empty title={t('file.none')}>{t('file.none.what')}</Empty>;
  return <div class="page page-read"><section class="card"><ul class="files">{list.map(({ e, file }) => <FileLine key={e.message + file.number} event={e} file={file} sub={withWords(e)} />)}</ul></section></div>;
}
