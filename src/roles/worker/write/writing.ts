import type { Programs } from '../../presence/programs.ts';
import type { Failing } from '../fail/failing.ts';
import type { LeftNotes } from './left-notes.ts';
import type { WritePlan } from '../write-plan.ts';

/** What it takes to write messages: some of them fail, and some are left to a newer program. */
export interface Writing extends Failing {
  readonly write: WritePlan;
  /** Which program is older, and which is active. */
  readonly programs: Programs;
  readonly notes: LeftNotes;
}
