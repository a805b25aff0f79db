import { finding } from '../diagnostics/diagnostic.ts';
import type { SubjectModel } from '../model/program.ts';
import { commonSubject } from '../model/subjects.ts';
import type { Check } from './check.ts';
import { problemOf } from './subject-syntax.ts';

export const streamOverlap: Check = {
  description: {
    code: 'NOM502',
    severity: 'error',
    title: 'subjects of two streams overlap',
    explanation: `A message is captured by every stream whose subjects match. JetStream refuses two streams that could capture the
same subject, and two subjects of one stream that overlap.

\`\`\`nom
stream INGEST { subject ingest = "messages.ingest.{entity}" }
stream DEAD   { subject dead = "messages.>" }                 // wrong: matches messages.ingest.Order too
stream DEAD   { subject dead = "messages.dead.{entity}" }     // right
\`\`\``,
  },
  run: (program, report) => {
    const subjects = program.streams
      .flatMap((stream) => (stream.tree?.broken === true ? [] : stream.subjects))
      .filter((subject) => problemOf(subject.template) === undefined);
    for (const [at, later] of subjects.entries())
      for (const earlier of subjects.slice(0, at)) {
        const common = commonSubject(earlier.template, later.template, program.entities[0]?.name ?? 'Entity');
        if (common === undefined || later.tree === undefined) continue;
        report(
          finding(streamOverlap.description, later.tree.pattern.span, message(earlier, later, common), {
            label: `matches ${common}`,
            related:
              earlier.tree === undefined
                ? []
                : [{ span: earlier.tree.pattern.span, text: `matches ${common} too` }],
            help: 'give the subjects different first tokens',
          }),
        );
      }
  },
};

function message(earlier: SubjectModel, later: SubjectModel, common: string): string {
  return earlier.stream === later.stream
    ? `two subjects of ${later.stream} would both capture ${common}`
    : `the streams ${earlier.stream} and ${later.stream} would both capture ${common}`;
}
