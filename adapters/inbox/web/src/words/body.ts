// The parts of a message's body that screens read (schemas/model.h, schemas/model_fields.h). What equals its default is not there. Pure.
import type { Body } from '../api/types';

export interface CodeText { system?: string; code?: string; text?: string }
export interface Name { family?: string; given?: string; middle?: string; suffix?: string }
export interface Contact { name?: Name; role?: string; phone?: string; email?: string }
export interface Subject {
  name?: Name; unknown?: boolean; descriptor?: string; dob?: string; age_band?: string; sex?: string; gender?: string; race?: string; ethnicity?: string; language?: string;
  phone?: string; safe_to_contact?: string; marital?: string; deceased?: string; interpreter?: boolean; address?: Record<string, string>; ids?: { system?: string; value?: string }[]; contacts?: Contact[];
}
export interface Hold { state?: string; form?: string; initiator?: string; basis?: string; start?: string; expires?: string; rights_advised?: string; form_attached?: string; outcome?: string }
export interface Clearance { status?: string; by?: string; at?: string; bac?: string; tox?: string }
export interface Observation { code?: CodeText; value?: string; unit?: string; at?: string; abnormal?: string; status?: string }
export interface Referral {
  subject?: Subject; reasons?: CodeText[]; service?: CodeText; urgency?: string; requester?: Contact; requester_agency?: string; authority_basis?: string; consent_ref?: string; location_now?: string;
  risk?: Record<string, string>; hold?: Hold; med_clearance?: string; transport_needed?: boolean; diagnoses?: CodeText[]; allergies?: CodeText[]; medications?: CodeText[]; medications_given?: CodeText[];
  observations?: Observation[]; payer?: string; labels?: string[]; notes?: string[]; injury?: string; restraint?: string; clearance?: Clearance; timeline?: { name?: string; at?: string }[]; trigger?: CodeText;
  refusals?: string[]; [more: string]: unknown;
}
export interface StatusUpdate {
  status?: string; at?: string; actor_role?: string; actor_name?: string; callback?: string; reason_class?: string; reason?: string; text?: string; outcome?: string; appointment_at?: string; place?: string;
  expected_at?: string; hold_until?: string; next_action?: string; esc_level?: number; deadline?: string; late_ms?: number; alternatives?: string[]; est_days?: number; attempts?: number; last_attempt_at?: string; safety_alert?: string;
}
export interface SecureMessage { text?: string; author_role?: string; author_name?: string }
export interface HandoffReport {
  phase?: string; at?: string; place?: string; condition?: string; person?: Contact; custody?: string; clinical?: string; legal?: string; restraint?: string; weapons_screened?: string; belongings?: string;
  hold?: Hold; clearance?: Clearance; observations?: Observation[]; disagreements?: string; reason?: string; offer?: string;
}
export interface Encounter { event?: string; facility?: string; at?: string; disposition?: string; follow_up_at?: string }
export interface FollowUp { mark?: string; result?: string; attempts?: number; at?: string; by_role?: string; text?: string }
export interface Correction { target?: string; replacement?: string; action?: string; reason?: string; text?: string }
export interface BreakGlass { reason?: string; text?: string; person?: string; role?: string; at?: string; until?: string; opened?: string; fields?: string[] }
export interface Parts {
  referral: Referral; status_update: StatusUpdate; secure_message: SecureMessage; handoff_report: HandoffReport; encounter: Encounter; follow_up: FollowUp; correction: Correction; break_glass: BreakGlass;
  capacity: { service?: string; state?: string; count?: number }; capacity_inquiry: { service?: string }; capacity_reply: { service?: string; state?: string; count?: number }; consent: Record<string, unknown>;
}
export const part = <K extends keyof Parts>(body: Body | null | undefined, key: K): Parts[K] | undefined => body?.[key] as Parts[K] | undefined;
export const fullName = (n: Name | undefined): string => [n?.given, n?.middle, n?.family, n?.suffix].filter(Boolean).join(' ');
// The content as fields that are read one by one, for screens that show whatever is there.
export type Fields = Record<string, any>; // absent means not said
const keys: Record<string, string> = { Referral: 'referral', StatusUpdate: 'status_update', SecureMessage: 'secure_message', HandoffReport: 'handoff_report', EncounterNotification: 'encounter', FollowUp: 'follow_up' };
export function content(body: Body | null | undefined): Fields {
  const found: unknown = body?.[keys[body.kind] ?? ''];
  return found && typeof found === 'object' ? (found as Fields) : {};
}
export const said = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
export const nameOf = (name: unknown): string => fullName((name ?? {}) as Name).trim();
