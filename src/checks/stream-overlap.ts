import { finding, type Report } from '../diagnostics/diagnostic.ts';
import { capturesOf, type Capture } from '../model/query/partitions.ts';
import type { Program, SubjectModel } from '../model/program.ts';
import { subjectIndex } from '../model/query/subject-index.ts';
import { commonSubject } from '../model/query/subjects.ts';
import type { Check } from './check.ts';
import { problemOf } from './subject-syntax.ts';

export const streamOverlap: Check = {
  description: {
    code: 'NOM502',
    severity: 'error',
    title: 'subjects of two streams overlap',
    explanation: `Every stream with a matching subject captures a message. JetStream refuses two streams that could capture the same subject,
and two overlapping subjects in one stream.

\`\`\`nom
stream INGEST { subject ingest = "messages.ingest.{entity}" }
stream DEAD   { subject dead = "messages.>" }                 // wrong: matches messages.ingest.Order too
stream DEAD   { subject dead = "messages.dead.{entity}" }     // right
\`\`\`

The messages of an entity with \`ordered by\` go to a subject with one more token, the partition. If Order is ordered, "shop.{entity}"
also stands for "shop.Order.0", "shop.Order.1" and so on. It then overlaps "shop.dead.{entity}".`,
  },
  run: (program, report) => {
    const subjects = program.streams
      .flatMap((stream) => (stream.tree?.broken === true ? [] : stream.subjects))
      .filter((subject) => problemOf(subject.template) === undefined);
    const captures = new Map(subjects.map((subject) => [subject, capturesOf(program, subject)]));
    const index = subjectIndex();
    for (const [at, later] of subjects.entries()) {
      const own = captures.get(later) ?? [];
      // Of the subjects that this one overlaps only the first is told: to change this one mends them all.
      const first = Math.min(...own.map(({ template }) => index.firstSharing(template) ?? Infinity));
      const earlier = subjects[first];
      const overlap =
        earlier === undefined ? undefined : overlapOf(captures.get(earlier) ?? [], own, program);
      if (overlap !== undefined) reportOverlap(overlap, report);
      for (const { template } of own) index.add(template, at);
    }
  },
};

interface Overlap {
  readonly earlier: Capture;
  readonly later: Capture;
  /** A subject that both capture. */
  readonly common: string;
}

/** The first way in which two subjects overlap: themselves, or the partitions of one of them. */
function overlapOf(
  earlier: readonly Capture[],
  later: readonly Capture[],
  program: Program,
): Overlap | undefined {
  const example = program.entities[0]?.name ?? 'Entity';
  for (const one of earlier)
    for (const other of later) {
      const name = [...one.ordered, ...other.ordered][0]?.name ?? example;
      const common = commonSubject(one.template, other.template, name);
      if (common !== undefined) return { earlier: one, later: other, common };
    }
  return undefined;
}

function reportOverlap({ earlier, later, common }: Overlap, report: Report): void {
  const tree = later.subject.tree;
  if (tree === undefined) return;
  const [ordered] = [...earlier.ordered, ...later.ordered];
  const matches = (capture: Capture): string =>
    capture.ordered.length === 0 ? `matches ${common}` : `with a partition, matches ${common}`;
  report(
    finding(streamOverlap.description, tree.pattern.span, message(earlier.subject, later.subject, common), {
      label: matches(later),
      related: [
        ...(earlier.subject.tree === undefined
          ? []
          : [{ span: earlier.subject.tree.pattern.span, text: `${matches(earlier)} too` }]),
        ...(ordered?.ordering === undefined
          ? []
          : [{ span: ordered.ordering.tree.span, text: `so messages of ${ordered.name} have partitions` }]),
      ],
      help: 'give the subjects different first tokens',
    }),
  );
}

function message(earlier: SubjectModel, later: SubjectModel, common: string): string {
  return earlier.stream === later.stream
    ? `two subjects of ${later.stream} capture ${common}`
    : `the streams ${earlier.stream} and ${later.stream} both capture ${common}`;
}
