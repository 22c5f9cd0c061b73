// The inbox: the list, and beside it (on a phone: instead of it) the open thread.
import { t } from '../i18n';
import { Split } from '../parts/Layout';
import { Empty } from '../parts/Note';
import { place } from '../router';
import { InboxList } from './InboxList';
import { Thread } from './Thread';

export function Inbox() {
  const { thread } = place.value;
  return <Split list={<InboxList />} open={!!thread} label={t('nav.inbox')}>{thread ? <Thread key={thread} thread={thread} /> : <Empty title={t('inbox.pick')} />}</Split>;
}
