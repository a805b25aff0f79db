import { RE2JS, RE2JSException } from 're2js';
import { problem, type Argument, type Problem } from '../function.ts';

export interface RegexPattern {
  readonly kind: 'regex';
  readonly regex: RE2JS;
}

/**
 * A pattern that is written out, in the syntax of RE2, whose engine takes time linear in the text: no pattern and no
 * message can make it hang. It has no backreferences and no lookaround for the same reason.
 */
export function regexPattern(argument: Argument | undefined, position: number): RegexPattern | Problem {
  try {
    return { kind: 'regex', regex: RE2JS.compile(String(argument?.literal)) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const why = error.message.replace(/^error parsing regexp: /, '');
    return problem(
      position,
      `this is not a valid regular expression: ${why}`,
      'the syntax is that of RE2, without lookaround and backreferences',
    );
  }
}
