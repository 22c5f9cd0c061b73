// How a file may be shown, by the type that the agent found in its bytes. Whatever could run is never shown. Pure.
export type Shows = 'picture' | 'pdf' | 'text' | 'no';
export function shows(type: string): Shows {
  const plain = (type.split(';')[0] ?? '').trim().toLowerCase();
  if (/^image\/(png|jpeg|gif|webp|avif)$/.test(plain)) return 'picture';
  if (plain === 'application/pdf') return 'pdf';
  return plain === 'text/plain' ? 'text' : 'no';
}
// Where its bytes are, from the agent's words ("here", "arriving: 3 of 12 parts", "waits for the virus scan", "refused by the virus scan", ...).
// Our own are here while they are sent.
export type Kept = 'here' | 'pending' | 'refused' | 'gone';
export function kept(state: string): Kept {
  if (/^(arriving|waits)/.test(state)) return 'pending';
  if (/^refused/.test(state)) return 'refused';
  return /^(gone|not here)/.test(state) ? 'gone' : 'here';
}
