import { finding, type Report } from '../diagnostics/diagnostic.ts';
import type { Program } from '../model/program.ts';
import { consumersOf } from '../model/query/consumers.ts';
import { capturesOf } from '../model/query/partitions.ts';
import type { Span } from '../text/source.ts';
import type { Check } from './check.ts';

/** Bytes: JetStream's limit of the names of streams and consumers, which are also names of folders. */
const LONGEST_NAME = 255;
/** Bytes that each worker which takes a partition puts behind the name of its consumer: `-5f0c91ab`. */
const SESSION = 9;
/**
 * Bytes of a subject. A line of NATS's protocol has at most 4096, and the longest of ours has besides a subject the names of a
 * stream and a consumer, a reply subject and what stands between them.
 */
const LONGEST_SUBJECT = 3400;

export const serverNames: Check = {
  description: {
    code: 'NOM514',
    severity: 'error',
    title: 'a name is too long for the queue or for HTTP',
    explanation: `The names of the pipeline, of streams, roles and entities have at most ${LONGEST_NAME} characters. So have the names of consumers,
which nomnom makes as \`pipeline_role_subject\`, with \`only\` as \`pipeline_role_subject_entity\`, and with \`ordered by\` with the
partition at the end, behind which a worker that takes it puts ${SESSION} characters of its own. JetStream accepts no longer name of a stream or consumer. The name of an entity is a part of its URL,
\`/ingest/Order\`, which has the same limit.

A subject has at most ${LONGEST_SUBJECT} characters, once \`{entity}\` is the longest name of an entity.`,
  },
  run: (program, report) => {
    const { streams, roles, entities } = program;
    const place: Span = { file: program.source, start: 0, end: 0 };
    const reported = reportName('the name of the pipeline', program.name, place, report);
    for (const { name, tree } of [...streams, ...roles, ...entities])
      if (tree?.broken !== true && (tree !== undefined || !reported))
        reportName('this name', name, tree?.name.span ?? place, report);
    reportConsumers(program, place, report);
    reportSubjects(program, report);
  },
};

/** Whether the name is too long. */
function reportName(what: string, name: string, span: Span, report: Report): boolean {
  if (name.length <= LONGEST_NAME) return false;
  report(
    finding(
      serverNames.description,
      span,
      `${what} has ${name.length} characters, but it can have at most ${LONGEST_NAME}`,
      { label: `${name.length} characters`, help: 'use a shorter name' },
    ),
  );
  return true;
}

/** Where every name in it is short enough by itself. */
function reportConsumers(program: Program, place: Span, report: Report): void {
  const isShort = ({ length }: string): boolean => length <= LONGEST_NAME;
  if (!isShort(program.name)) return;
  for (const role of program.roles) {
    if (role.tree?.broken === true || !isShort(role.name)) continue;
    for (const link of role.consumes) {
      const tooLong = consumersOf(program, role, link)
        .map(({ entities, durable, partition }) => ({
          entities,
          name: durable,
          most: partition === undefined ? LONGEST_NAME : LONGEST_NAME - SESSION,
        }))
        .filter(
          ({ entities, name, most }) => name.length > most && entities.every((each) => isShort(each.name)),
        )
        .toSorted((left, right) => right.name.length - left.name.length)[0];
      if (tooLong === undefined) continue;
      const { name: longest, most } = tooLong;
      report(
        finding(
          serverNames.description,
          link.tree?.path.span ?? place,
          `the consumer of this would be called ${longest.slice(0, 20)}…${longest.slice(-20)}, which has ${longest.length} characters, but it can have at most ${most}`,
          { help: 'use shorter names for the pipeline, the role, the subject or the entity' },
        ),
      );
    }
  }
}

function reportSubjects(program: Program, report: Report): void {
  const longest = program.entities.reduce((most, { name }) => Math.max(most, name.length), 1);
  for (const stream of program.streams) {
    if (stream.tree?.broken === true) continue;
    for (const subject of stream.subjects) {
      const lengths = capturesOf(program, subject).map(
        ({ template }) =>
          template
            .replace('{entity}', 'e'.repeat(Math.min(longest, LONGEST_NAME)))
            .replace('{partition}', String(stream.settings.partitions)).length,
      );
      const length = Math.max(...lengths);
      if (length <= LONGEST_SUBJECT || subject.tree === undefined) continue;
      report(
        finding(
          serverNames.description,
          subject.tree.pattern.span,
          `this subject can have ${length} characters, but a subject can have at most ${LONGEST_SUBJECT}`,
          { label: `up to ${length} characters`, help: 'use shorter or fewer tokens' },
        ),
      );
    }
  }
}
