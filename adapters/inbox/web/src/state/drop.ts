// Locking drops every plaintext from memory: each store says here how it forgets.
const forget = new Set<() => void>();
export const onDrop = (how: () => void): void => { forget.add(how); };
export const drop = (): void => forget.forEach((how) => how());
