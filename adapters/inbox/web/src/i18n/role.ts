// What somebody is, in this device's language: a role that the value set knows, else the policy's own words.
import { code } from './index';

export const roleWords = (person: { roles: string[]; role_words: string }): string => {
  const known = person.roles.map((r) => code('actor_role', r));
  return known.length && known.every((k, i) => k !== person.roles[i]) ? known.join(', ') : person.role_words;
};
