// Every screen of the app in one table. Paths are those of router.ts; `needs` hides what this person's roles do not open.
import type { ComponentType } from 'preact';
import type { Action, Shown } from '../api/types';
import type { PlainKey } from '../i18n';
import type { IconName } from '../parts/icons';
import { Board } from './board/Board';
import { Capacity } from './capacity/Capacity';
import { Downtime } from './paper/Downtime';
import { Files } from './files/Files';
import { FollowUp } from './followup/FollowUp';
import { Handoff } from './handoff/Handoff';
import { Handoffs } from './handoff/Handoffs';
import { Inbox } from './Inbox';
import { Loops } from './board/Loops';
import { Matches } from './matches/Matches';
import { Messages } from './messages/Messages';
import { NewReferral } from './newref/NewReferral';
import { OnCall } from './oncall/OnCall';
import { Reports } from './reports/Reports';
import { Settings } from './settings/Settings';
import { Summary } from './Summary';
import { Timeline } from './Timeline';

export interface Screen {
  path: string;
  name: PlainKey;
  icon: IconName;
  show: ComponentType;
  nav: 'main' | 'more' | 'none'; // main: also a tab on a phone
  needs?: Action[]; // one of these
  coordinator?: boolean; // only at a coordinator's agent
  lead?: boolean; // first, and a tab on a phone, for a coordinator
  key?: string; // after G
}
export const screens: Screen[] = [
  { path: '', name: 'nav.inbox', icon: 'inbox', show: Inbox, nav: 'main', key: 'i' },
  { path: 't', name: 'nav.inbox', icon: 'inbox', show: Inbox, nav: 'none' },
  { path: 'board', name: 'nav.board', icon: 'board', show: Board, nav: 'more', coordinator: true, lead: true },
  { path: 'loops', name: 'nav.loops', icon: 'refresh', show: Loops, nav: 'more', coordinator: true },
  { path: 'handoffs', name: 'nav.handoffs', icon: 'swap', show: Handoffs, nav: 'main', needs: ['view_timeline'], key: 'h' },
  { path: 'follow-up', name: 'nav.follow_up', icon: 'cal', show: FollowUp, nav: 'main', lead: true, needs: ['view_timeline'], key: 'f' },
  { path: 'capacity', name: 'nav.capacity', icon: 'bed', show: Capacity, nav: 'main', lead: true, key: 'c' },
  { path: 'on-call', name: 'nav.on_call', icon: 'users', show: OnCall, nav: 'more', lead: true, key: 'o' },
  { path: 'reports', name: 'nav.reports', icon: 'file', show: Reports, nav: 'more', needs: ['audit', 'policy'] },
  { path: 'match', name: 'nav.match', icon: 'copy', show: Matches, nav: 'more', needs: ['accept'] },
  { path: 'new', name: 'nav.new', icon: 'plus', show: NewReferral, nav: 'more', needs: ['create'] },
  { path: 'downtime', name: 'nav.downtime', icon: 'phone', show: Downtime, nav: 'more' },
  { path: 'settings', name: 'nav.settings', icon: 'user', show: Settings, nav: 'more' },
];

// The tabs of a thread, /inbox/t/THREAD/TAB. Each gets what inbox.show said.
export interface ThreadTab { tab: string; name: PlainKey; show: ComponentType<{ shown: Shown }>; count?: (shown: Shown) => number; hidden?: (shown: Shown) => boolean; acts?: boolean } // acts: it has its own actions below
export const threadTabs: ThreadTab[] = [
  { tab: '', name: 'tab.summary', show: Summary },
  { tab: 'timeline', name: 'tab.timeline', show: Timeline, count: (s) => s.events.length },
  { tab: 'messages', name: 'tab.messages', show: Messages, acts: true, count: (s) => s.events.filter((e) => e.kind === 'SecureMessage').length },
  { tab: 'files', name: 'tab.files', show: Files, count: (s) => s.events.reduce((n, e) => n + (e.attachments?.length ?? 0), 0) },
  { tab: 'handoff', name: 'tab.handoff', show: Handoff, acts: true, hidden: (s) => !s.row.handoff && !s.moves.some((m) => m.startsWith('handoff')) },
];
