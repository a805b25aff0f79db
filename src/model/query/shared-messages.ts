import { filtersOf, patternOf } from './consumers.ts';
import type { LinkModel, Program } from '../program.ts';

/** The first two links of roles that take the same messages of a stream; undefined where each message has one taker. */
export function sharingLinks(
  stream: string,
  program: Pick<Program, 'roles'>,
): readonly [LinkModel, LinkModel] | undefined {
  const taken = new Map<string, LinkModel>();
  for (const role of program.roles)
    for (const link of role.consumes)
      for (const filter of link.subject?.stream === stream ? filtersOf(link) : []) {
        const whole = patternOf(link.subject?.template ?? '');
        const narrower =
          filter === whole ? [...taken.keys()].find((each) => matches(whole, each)) : undefined;
        const first = taken.get(filter) ?? taken.get(whole) ?? taken.get(narrower ?? '');
        if (first !== undefined) return [first, link];
        taken.set(filter, link);
      }
  return undefined;
}

function matches(pattern: string, subject: string): boolean {
  const tokens = subject.split('.');
  return pattern.split('.').every((token, at) => token === '*' || token === tokens[at]);
}
