import { filtersOf, patternOf } from './consumers.ts';
import type { LinkModel, Program, StreamModel } from '../program.ts';
import { linksWith } from './links.ts';

/** The first two links of roles that take the same messages of a stream; undefined where each message has one taker. */
export function sharingLinks(
  stream: Pick<StreamModel, 'subjects'>,
  program: Pick<Program, 'roles'>,
): readonly [LinkModel, LinkModel] | undefined {
  // Subjects of one stream never overlap, so the links of each are looked at by themselves.
  for (const subject of stream.subjects) {
    const taken = new Map<string, LinkModel>();
    const whole = patternOf(subject.template);
    for (const link of linksWith(program.roles, subject).consumes)
      for (const filter of filtersOf(link)) {
        const narrower = filter === whole ? taken.values().next().value : undefined;
        const first = taken.get(filter) ?? taken.get(whole) ?? narrower;
        if (first !== undefined) return [first, link];
        taken.set(filter, link);
      }
  }
  return undefined;
}
