import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/* Findings about the comments that suppress warnings. They are made where all findings of a file are known. */

export const BAD_SUPPRESSION = {
  code: 'NOM024',
  severity: 'error',
  title: 'an `allow` comment is incomplete',
  explanation: `A comment that starts with \`nomnom:\` allows one or more warnings in the lines up to the next word, and gives the reason. It is on
a line of its own. The reason is for the next reader, so it is required.

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
  title: 'an error cannot be allowed',
  explanation: `Whether a warning matters depends on the data, and you may know the data. An error means that the program cannot run, or would
lose or mix up data, whatever arrives. Fix it.

Wrong:

    // nomnom: allow NOM202 because channel is never null
    upsert on (sensor, channel)

Right:

    channel: text(8)`,
} as const satisfies CodeDescription;

export const UNUSED_SUPPRESSION = {
  code: 'NOM026',
  severity: 'warning',
  title: 'an `allow` comment has no warning',
  explanation: `The lines up to the next word do not have the warning that the comment allows. It was fixed, has moved, or another code was
meant. Remove the comment, so that it does not hide a later warning. It is not reported while the program has errors, because
errors can hide warnings.

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
