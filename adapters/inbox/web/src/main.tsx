// The beginning: dress the page, ask who is here, show the locked screen or the app.
import { effect } from '@preact/signals';
import { render } from 'preact';
import './style';
import { Empty } from './parts/Note';
import { t } from './i18n';
import { Frame } from './screens/Frame';
import { ChangePassword, Unlock } from './screens/Unlock';
import { useDraftKey } from './state/drafts';
import { goLive } from './state/live';
import { recall } from './state/outgoing';
import { begin, gate, session } from './state/session';
import { dress } from './state/settings';

function App() {
  if (gate.value === 'loading') return <div class="app"><Empty title={t('loading')} /></div>;
  if (gate.value !== 'open') return <Unlock />;
  return session.value?.change_password ? <ChangePassword /> : <Frame />;
}
dress();
effect(() => {
  const s = session.value;
  if (s) { useDraftKey(s.draft_key); void recall(); }
});
goLive();
void begin();
render(<App />, document.getElementById('app') as HTMLElement);
if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/inbox/sw.js', { scope: '/inbox/' }).catch(() => {});
