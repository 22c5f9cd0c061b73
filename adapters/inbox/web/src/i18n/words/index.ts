// All words of the app. One file a screen; a key stands in one of them only.
import { board } from './board';
import { capacity } from './capacity';
import { common } from './common';
import { facts } from './facts';
import { followup } from './followup';
import { frame } from './frame';
import { glass } from './glass';
import { handoff } from './handoff';
import { inbox } from './inbox';
import { messages } from './messages';
import { newref } from './newref';
import { oncall } from './oncall';
import { paper } from './paper';
import { referral } from './referral';
import { settings } from './settings';
import { timeline } from './timeline';
import { unlock } from './unlock';

export const all = {
  ...common, ...frame, ...unlock, ...inbox, ...referral, ...facts, ...timeline,
  ...handoff, ...followup, ...messages, ...oncall, ...capacity, ...board, ...newref, ...paper, ...glass, ...settings,
} as const;
