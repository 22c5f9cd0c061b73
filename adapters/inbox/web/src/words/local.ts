// A moment as the fields for a day and a time hold it, on the wall clock of a zone. Pure.
import { hm } from './time';

export const wall = (ms: number, tz: string): string => `${new Intl.DateTimeFormat('sv-SE', { ...(tz ? { timeZone: tz } : {}), year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms)}T${hm(ms, tz)}`;
