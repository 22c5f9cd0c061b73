// What the agent and the inbox say to each other (docs/spec/inbox-api.md). The server is the authority: this file only names it.

export type Time = string; // RFC 3339, UTC
export type Action = 'create' | 'accept' | 'decline' | 'handoff' | 'reassign' | 'view_timeline' | 'break_glass' | 'review' | 'audit' | 'policy' | 'keys';

// GET /auth/session, and the answer of every way to sign in.
export interface Session {
  person: { login: string; name: string; roles: string[]; role_words: string; language: '' | 'en' | 'es' };
  may: Action[];
  agency: { slug: string; name: string; kind: string; coordinator: boolean; tz: string };
  csrf: string;
  draft_key: string; // base64, 32 bytes
  idle_s: number;
  ends: Time;
  change_password: boolean;
  second_factor: { totp: boolean; passkeys: number; required: boolean };
  vapid: string | null; // application server key, base64url; null: web push is not set up
  test: boolean; // a test consortium
  now: Time;
}
export interface SignInWays {
  password: boolean;
  passkey: boolean;
  oidc: { id: string; label: string }[];
  agency: { slug: string; name: string };
  phone_tree: PhoneEntry[]; // kept on the device for when nothing else works
}
export interface PhoneEntry { agency: string; name: string; what: string; phone: string }

export interface ApiError { kind: string; what: string; where?: string; mend?: string }

export interface Clock {
  name: string; // view, decide, contact, outcome, on_hold, handoff, hold:end, follow_up:FU24
  from: Time;
  at: Time;
  phone: boolean; // a phone number is to be shown with it
}
export interface Marks {
  state: 'sending' | 'sent' | 'delivered' | 'seen' | 'acted' | 'failed';
  sent: Time | null; // the exchange has it: its log index came back
  delivered: Time | null; // their machine opened it: signed receipt
  seen: Time | null; // a person did: sealed read receipt
  acted: Time | null; // accepted, declined or later: a status update
  due: Time | null; // when "acted" is due
  why?: string; // failed
}
export type Section = 'overdue' | 'decide' | 'handoff' | 'active' | 'done';

// A row of inbox.list.
export interface Row {
  thread: string;
  order: number; // rises with every event of the thread
  side: 'to_us' | 'from_us';
  section: Section;
  kind: string; // of its first message
  from: string;
  from_name: string;
  to: string;
  to_name: string;
  who: { initials: string; age: string; words: string }; // "JD", "34" or "~60"; "?" for nobody known
  reason_codes: string[];
  reason_text: string;
  service: string;
  urgency: 'emergent' | 'urgent' | 'routine' | '';
  phase: string;
  loop: string;
  esc_level: number;
  clock: Clock | null; // the nearest that concerns people here
  marks: Marks;
  place: string;
  expected_at: Time | null;
  handoff: '' | 'offered' | 'taken' | 'refused';
  follow_ups: { mark: string; due: Time; result: string }[];
  received: Time;
  updated: Time;
  unread: boolean;
  expired: boolean;
  test: boolean;
  conflict: boolean;
}
export interface InboxList {
  threads: Row[];
  next: number | null;
  counts: Record<Section, number>; // of what this person may see, to us
  now: Time;
}

// inbox.show
export interface Shown {
  thread: string;
  row: Row;
  phase: string;
  loop: string;
  requester: boolean;
  other: string;
  other_name: string;
  escalation: number;
  responsible: string;
  deadlines: { name: string; at: Time; overdue: boolean; late_s: number; tell: string; phone: boolean }[];
  opening: Body | null;
  events: Event[];
  safety: SafetyCell[]; // always weapons first; absent facts say so
  call: { name: string; role: string; phone: string } | null;
  desk_phone: string; // the other agency's own number, from the policy
  told: { at: Time; tell: string; agency: string; words: string; level: number }[];
  asked_before: { thread: string; agency: string; name: string; phase: string; reason_class: string; reason: string; at: Time }[];
  next_agencies: { agency: string; name: string; capacity: string; why: string }[]; // for a decline
  withheld: { what: string[]; rule: string; words: string; outgoing: boolean }[]; // outgoing: they do not see it; else we do not
  part2_notice: string | null; // in full, as policy supplies it
  labels: string[];
  moves: string[]; // what this person may do now: accept decline info start schedule hold complete no-show cancel handoff_offer handoff_take follow_up message reroute break_glass
  read_only: string | null; // why nothing can be sent: a stale policy
  now: Time;
}
export interface SafetyCell {
  what: 'weapons' | 'hold' | 'interpreter' | 'risk_others' | 'restraint';
  known: boolean;
  danger: boolean;
  words: string; // the sender's own words or a code; '' if not known
  at: Time | null; // hold: its end
}
export interface Event {
  message: string;
  kind: string;
  from: string;
  from_name: string;
  outgoing: boolean;
  at: Time;
  entered_at: Time | null; // set: this was written on paper at `at` and typed in at that time
  person?: string;
  state: string;
  marks: Marks;
  body?: Body;
  decision?: { version: number; rules: string[]; view: string; withheld: string[]; refused: boolean };
  attachments?: FileRow[];
  opened?: { until: Time; closed: boolean; body?: Body };
  retracted?: boolean;
  conflict: boolean;
  expired: boolean;
  why?: string;
  refused?: string;
}
export interface FileRow { number: number; title: string; media_type: string; size: number; state: string }
// The model in its JSON form (docs/spec/envelope.md, schemas/model.h): one key besides these, named as the kind.
export interface Body { kind: string; [field: string]: any }

// capacity.list
export interface Capacity {
  agency: string; name: string; service: string; state: 'has' | 'none' | 'waitlist' | 'divert'; count: number | null;
  as_of: Time; ttl_minutes: number; stale: boolean; accepts: string; phone: string; ours: boolean;
}

// oncall.show
export interface Rota {
  list: 'on_call' | 'supervisor' | 'privacy_officer' | 'it' | 'coordinator';
  now: { login: string; name: string; phone: string; until: Time | null }[];
  shifts: { from: Time; until: Time | null; login: string; name: string }[];
  always: { login: string; name: string }[];
  phone: string;
}

// notices: what people were to be told, and how far each telling came
export interface Notice {
  seq: number; thread: string | null; message: string | null; what: string; urgency: string; tell: string; words: string; at: Time; phone: boolean;
  seen_by: string; seen: Time | null;
  told: { login: string; channel: string; state: 'waiting' | 'accepted' | 'fetched' | 'opened' | 'failed'; at: Time; why: string }[];
}

// channels.list: where this person is told. An address is shown to its own person only
export interface Channel { id: number; kind: 'push' | 'email' | 'webhook'; address?: string; label: string; off: boolean }
// directory
export interface Member { slug: string; kind: string; type: string; standing: string; serial: number; epoch_until: string; display: string }
// catch_up: what changed since then, newest thread first; of each its events since, oldest first
export interface CaughtUp {
  since: Time; now: Time; more: boolean;
  threads: { thread: string; row: Row; events: { message: string; at: Time; kind: string; from: string; from_name: string; outgoing: boolean; words: string; entered_at: Time | null }[] }[];
}
// match.list: records that came without a reference; a person says whose they are
export interface MatchRow {
  id: number; at: Time; adapter: string; kind: string; state: 'waiting' | 'confirmed' | 'dismissed' | 'undone'; thread: string | null; person: string; reason: string; decided: Time | null;
  candidates: { thread: string; score: number; why: string; other: string; requester: boolean; phase: string; subject?: Record<string, unknown> }[];
}

// board.show: a coordinator's agent. Counts only.
export interface Board {
  now: Time;
  open: { all: number; emergent: number; urgent: number; routine: number };
  overdue: { all: number; level: [number, number, number, number] };
  decide: { median_min: number | null; target_min: number; n: number; days: number };
  on_time: { percent: number | null; target: number; n: number; days: number };
  by_day: { day: string; median_min: number | null; n: number }[];
  declines: { class: string; n: number }[];
  age_level: { age: string; level: [number, number, number, number] }[]; // under_1h, 1h_24h, 1d_7d, over_7d
}
// loops
export interface LoopRow {
  thread: string; parent: string | null; child: string | null; from: string; from_name: string; to: string; to_name: string; urgency: string;
  service: string; phase: string; loop: string; esc_level: number; age_s: number; responsible: string; phone: string;
  next: { name: string; at: Time } | null; overdue: { name: string; at: Time; late_s: number }[]; test: boolean;
}

// report.list, report.run
export interface ReportName { name: string; title: string; what: string }
export interface Report {
  name: string; title: string; period: string; made: Time; policy: { id: string; version: number }; log: { size: number; root: string };
  command: string; suppress_below: number;
  tables: ReportTable[];
}
export interface ReportTable {
  id: string; title: string; definition: string; columns: string[];
  rows: { label: string; cells: ReportCell[] }[];
  missing: number; denominator: string;
  chart: 'bar' | 'line' | 'none';
}
export interface ReportCell { value: number | null; shown: string; suppressed: boolean } // "1-10" and the like when suppressed

// GET /api/v1/wake/TOLD for a service worker whose session lasts (204 without one): counts only.
export interface Wake { count: number; overdue: number; urgency: string; text: string }

// Server-sent events of GET /api/v1/events: `event:` names, each with JSON data. `id:` is the order to resume from.
export interface Streamed {
  hello: { now: Time; order: number; hub: HubState };
  thread: { thread: string; order: number };
  notice: { seq: number };
  capacity: Record<string, never>;
  hub: HubState;
  clock: { now: Time }; // every 15 seconds
  ended: { why: 'idle' | 'left' | 'changed' }; // the session is over: drop everything
}
export interface HubState { connected: boolean; since: Time; waiting: number; oldest_age_s: number; read_only: string | null }
