// The value sets of schemas/values, which vite.config.ts reads.
declare module 'virtual:values' {
  type Words = { group: string; en: string; es: string };
  const values: Record<
    | 'actor_role' | 'agency_kind' | 'authority_basis' | 'break_glass_reason' | 'cancel_reason' | 'capacity_state' | 'clearance_status' | 'consent_method'
    | 'decline_reason' | 'encounter_event' | 'ethnicity' | 'follow_up_mark' | 'follow_up_result' | 'handoff_phase' | 'hold_outcome' | 'label' | 'outcome'
    | 'race' | 'reason' | 'service' | 'urgency', Record<string, Words>>;
  export default values;
}
