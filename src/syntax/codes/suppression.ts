import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/* Findings about the comments that suppress warnings. They are made where all findings of a file are known. */

export const BAD_SUPPRESSION = {
  code: 'NOM024',
  severity: 'error',
  title: 'a suppression that says too little',
  explanation: `A comment that begins with \`nomnom:\` is read: it allows one or more warnings in the lines up to the next word,
and says why. It stands on a line of its own. The reason is for whoever meets the warning next, so there is no
suppression without one.

Wrong:

    // nomnom: allow NOM303
    name: text(25) = o.name

Right:

    // nomnom: allow NOM303 because the shop cuts names at 25 letters
    name: text(25) = o.name`,
} as const satisfies CodeDescription;

export const SUPPRESSED_ERROR = {
  code: 'NOM025',
  severity: 'error',
  title: 'an error cannot be suppressed',
  explanation: `A warning says that only the data can tell whether something is wrong, and a person may know the data. An error says
that the program cannot run, or would lose or mix up data, whatever arrives. It has to be fixed.

Wrong:

    // nomnom: allow NOM202 because channel is never null
    upsert on (sensor, channel)

Right:

    channel: text(8)`,
} as const satisfies CodeDescription;

export const UNUSED_SUPPRESSION = {
  code: 'NOM026',
  severity: 'warning',
  title: 'a suppression without its warning',
  explanation: `The warning that a comment allows is not found in the lines up to the next word: it was fixed, has moved, or another
code was meant. Such a comment would hide the warning if it came back for another reason. It is not reported while the
program has errors, as these may hide warnings.

Wrong:

    // nomnom: allow NOM303 because names are short
    name: text = o.name

Right:

    name: text = o.name`,
} as const satisfies CodeDescription;

export const suppressionCodes: readonly CodeDescription[] = [
  BAD_SUPPRESSION,
  SUPPRESSED_ERROR,
  UNUSED_SUPPRESSION,
];
