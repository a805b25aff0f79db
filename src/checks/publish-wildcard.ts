import { finding } from '../diagnostics/diagnostic.ts';
import type { Program, SubjectModel } from '../model/program.ts';
import { subjectIndex } from '../model/query/subject-index.ts';
import type { Check } from './check.ts';
import { problemOf } from './subject-syntax.ts';

export const publishWildcard: Check = {
  description: {
    code: 'NOM506',
    severity: 'error',
    title: 'a role publishes to a subject with a wildcard, or without the entity',
    explanation: `A message is published to one subject, so \`*\` and \`>\` have no meaning there. \`{entity}\` becomes the name of the entity. The
worker needs it to know what arrived; only a pipeline with a single entity can leave it out.

\`\`\`nom
subject ingest = "shop.ingest.*"            // wrong
subject ingest = "shop.ingest.{entity}"     // right
\`\`\``,
  },
  run: (program, report) => {
    const seen = new Set<SubjectModel>();
    const overlaps = overlapping(program);
    for (const role of program.roles)
      for (const [link, isDead] of [
        ...role.publishes.map((each) => [each, false] as const),
        ...(role.deadLetter === undefined ? [] : [[role.deadLetter, true] as const]),
      ]) {
        const { subject } = link;
        if (subject?.tree === undefined || seen.has(subject)) continue;
        seen.add(subject);
        if (problemOf(subject.template) !== undefined || overlaps.has(subject)) continue;
        const wild = subject.template.split('.').some((token) => token === '*' || token === '>');
        const hidden = !isDead && !subject.template.includes('{entity}') && link.entities.length > 1;
        if (!wild && !hidden) continue;
        report(
          finding(
            publishWildcard.description,
            subject.tree.pattern.span,
            wild
              ? `${role.name} publishes to "${subject.template}", which has a wildcard`
              : `"${subject.template}" does not say which of ${link.entities.length} entities a message is`,
            {
              related: link.tree === undefined ? [] : [{ span: link.tree.path.span, text: 'published here' }],
              help: `write \`"${withEntity(subject.template)}"\``,
            },
          ),
        );
      }
  },
};

/** The subject with the entity for its wildcard, or at its end. */
function withEntity(template: string): string {
  const parts = template.split('.');
  const kept = parts.filter((part) => part !== '*' && part !== '>' && part !== '{entity}');
  const at = parts.findIndex((part) => part === '{entity}' || part === '*' || part === '>');
  return kept.toSpliced(at < 0 ? kept.length : at, 0, '{entity}').join('.');
}

/** The subjects that share messages with others: they are wrong already, NOM502. */
function overlapping(program: Program): ReadonlySet<SubjectModel> {
  const subjects = program.streams.flatMap((stream) => stream.subjects);
  const found = new Set<SubjectModel>();
  // Forth for those with an earlier one, and back for those with a later one.
  for (const order of [subjects, subjects.toReversed()]) {
    const index = subjectIndex();
    for (const [at, subject] of order.entries()) {
      if (index.firstSharing(subject.template) !== undefined) found.add(subject);
      index.add(subject.template, at);
    }
  }
  return found;
}
