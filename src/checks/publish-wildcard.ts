import { finding } from '../diagnostics/diagnostic.ts';
import type { Program, SubjectModel } from '../model/program.ts';
import { commonSubject } from '../model/query/subjects.ts';
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
    for (const role of program.roles)
      for (const [link, isDead] of [
        ...role.publishes.map((each) => [each, false] as const),
        ...(role.deadLetter === undefined ? [] : [[role.deadLetter, true] as const]),
      ]) {
        const { subject } = link;
        if (subject?.tree === undefined || seen.has(subject)) continue;
        seen.add(subject);
        if (problemOf(subject.template) !== undefined || overlaps(program, subject)) continue;
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

/** Then the subject is wrong already, NOM502. */
function overlaps(program: Program, subject: SubjectModel): boolean {
  const others = program.streams.flatMap((stream) => stream.subjects).filter((other) => other !== subject);
  return others.some((other) => commonSubject(other.template, subject.template, 'Entity') !== undefined);
}
