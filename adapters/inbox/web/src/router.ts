// Where the app is. Paths are /inbox/...; `go` changes them, links inside do it by themselves.
import { computed, signal } from '@preact/signals';

export const base = '/inbox/';
const here = () => (location.pathname.startsWith(base) ? location.pathname.slice(base.length).replace(/\/+$/, '') : '');
export const path = signal(here()); // without the base: '', 't/THREAD/timeline', 'capacity'
export interface Place { screen: string; thread: string; tab: string }
export const place = computed<Place>(() => {
  const [screen = '', thread = '', tab = ''] = path.value.split('/');
  return screen === 't' && thread ? { screen, thread, tab } : { screen, thread: '', tab: thread };
});

export const href = (to: string): string => base + to;
export const threadPath = (thread: string, tab = ''): string => 't/' + thread + (tab ? '/' + tab : '');
let depth = 0; // how many steps of ours lie behind
export function go(to: string, replace = false): void {
  if (to === path.value) return;
  if (replace) history.replaceState(null, '', href(to)); else { history.pushState(null, '', href(to)); depth++; }
  path.value = to;
}
// One step back inside the app, or to `otherwise` if it began here.
export function back(otherwise: string): void {
  if (depth > 0) { depth--; history.back(); } else go(otherwise, true);
}

window.addEventListener('popstate', () => { path.value = here(); });
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || !link.pathname.startsWith(base)) return;
  event.preventDefault();
  go(link.pathname.slice(base.length));
});
