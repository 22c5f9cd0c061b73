// What the operations of POST /api/v1/OP take and give (docs/spec/agent-socket.md). `call` is typed by this table; add an operation here.
import type { Board, Body, Capacity, CaughtUp, Channel, InboxList, LoopRow, MatchRow, Member, Notice, PhoneEntry, Report, ReportName, Rota, Shown } from './types';

export interface Sent { thread: string; message: string; phase?: string; repeat?: boolean }
export interface Act {
  thread: string; action: string; dedupe_key?: string;
  status?: string; reason_class?: string; reason?: string; text?: string; name?: string; role?: string; callback?: string;
  expected_at?: string; place?: string; appointment_at?: string; outcome?: string; hold_until?: string; next_action?: string;
  attempts?: number; last_attempt_at?: string; est_days?: number; safety_alert?: string; alternatives?: string[]; cancel_reason?: string;
}
export interface Ops {
  'inbox.list': { in: { threads?: string[]; side?: 'to_us' | 'from_us'; limit?: number; after?: number; tests?: boolean }; out: InboxList };
  'inbox.show': { in: { thread: string }; out: Shown };
  'inbox.act': { in: Act; out: Sent };
  'send': { in: { to?: string; thread?: string; kind: string; purpose?: string; body: Body; test?: boolean; dedupe_key?: string; paper_at?: string }; out: Sent };
  'handoff': { in: { thread?: string; to?: string; phase: 'offer' | 'take' | 'refuse'; dedupe_key?: string; [field: string]: unknown }; out: Sent & { at: string } };
  'follow_up': { in: { thread: string; mark: string; result: string; attempts?: number; at?: string; text?: string; dedupe_key?: string }; out: Sent };
  'capacity.list': { in: { service?: string }; out: { capacity: Capacity[] } };
  'capacity.set': { in: { service: string; state: string; count?: number; ttl_minutes?: number; accepts?: string; phone?: string }; out: Sent };
  'capacity.ask': { in: { to: string; service: string; age_band?: string; urgency?: string }; out: Sent };
  'oncall.show': { in: Record<string, never>; out: { lists: Rota[]; people: { login: string; name: string }[] } };
  'notices': { in: { unseen?: boolean; limit?: number; after?: number }; out: { notices: Notice[]; next: number | null } };
  'notices.seen': { in: { seq: number }; out: { notice: Notice } };
  'board.show': { in: Record<string, never>; out: Board };
  'loops': { in: { open?: boolean; overdue?: boolean; limit?: number; after?: string }; out: { loops: LoopRow[]; more: boolean } };
  'report.list': { in: Record<string, never>; out: { reports: ReportName[] } };
  'report.run': { in: { name: string; since?: string; until?: string }; out: Report };
  'reroute.list': { in: { thread: string }; out: { candidates: { agency: string; name: string; capacity: string; allowed: boolean; why: string }[] } };
  'reroute': { in: { thread: string; to: string; dedupe_key?: string }; out: Sent };
  'btg.open': { in: { message: string; reason: string; text: string; role?: string }; out: { id: string; thread: string; until: string; review_due: string } };
  'directory': { in: Record<string, never>; out: { members: Member[] } };
  'can_send': { in: { to: string; kind: string; purpose?: string }; out: { allowed: boolean; rules: string[]; explanation: string; epoch_key: boolean; standing: string } };
  'forward': { in: { message: string; to: string; text?: string; basis?: string; purpose?: string }; out: Sent };
  'ledger.printed': { in: { thread: string }; out: Record<string, unknown> };
  'oncall.take': { in: { list: string; until?: string }; out: Record<string, unknown> };
  'oncall.set': { in: { list: string; shifts: { from: string; until: string | null; login: string }[]; always: string[]; phone: string }; out: Record<string, unknown> };
  'oncall.hand_over': { in: { list: string; to: string }; out: Record<string, unknown> };
  'channels.list': { in: Record<string, never>; out: { channels: Channel[] } };
  'channels.add': { in: { kind: string; address: string; p256dh?: string; auth?: string; label: string }; out: { id: number } };
  'channels.remove': { in: { id: number }; out: Record<string, unknown> };
  'channels.test': { in: { id: number }; out: { state?: string; why?: string } };
  'catch_up': { in: { since?: string }; out: CaughtUp };
  'phone_tree': { in: Record<string, never>; out: { phones: PhoneEntry[] } };
  'match.list': { in: { waiting?: boolean; limit?: number; after?: number }; out: { matches: MatchRow[]; next: number | null } };
  'match.show': { in: { id: number }; out: MatchRow & { who?: Record<string, unknown>; body?: Body } };
  'match.confirm': { in: { id: number; thread: string }; out: Record<string, unknown> };
  'match.dismiss': { in: { id: number; reason?: string }; out: Record<string, unknown> };
}
export type Op = keyof Ops;
