import { finding } from '../diagnostics/diagnostic.ts';
import type { Check } from './check.ts';

export const subjectSyntax: Check = {
  description: {
    code: 'NOM501',
    severity: 'error',
    title: 'a subject is not valid',
    explanation: `A subject is a list of tokens separated by dots. No token is empty or contains a space. \`*\` and \`{entity}\` stand for one
whole token. \`>\` stands for all remaining tokens and can only be the last. The server reserves subjects that begin with \`$\`: a subject
of several tokens cannot begin with \`{entity}\` or \`*\` either.

\`\`\`nom
subject ingest = "shop..ingest"             // wrong: an empty token
subject ingest = "shop.ingest.{entity}"     // right
\`\`\``,
  },
  run: (program, report) => {
    for (const subject of program.streams.flatMap((stream) =>
      stream.tree?.broken === true ? [] : stream.subjects,
    )) {
      const problem = problemOf(subject.template);
      if (problem !== undefined && subject.tree !== undefined)
        report(
          finding(
            subjectSyntax.description,
            subject.tree.pattern.span,
            `the subject "${subject.template}" ${problem}`,
            { help: 'write tokens separated by single dots, for example "shop.ingest.{entity}"' },
          ),
        );
    }
  },
};

/** What is wrong with a subject template, or nothing. */
export function problemOf(template: string): string | undefined {
  const tokens = template.split('.');
  if (tokens.includes('')) return 'has an empty token';
  if (/[\s\p{Cc}]/u.test(template)) return 'contains white space';
  if (template.startsWith('$')) return 'starts with `$`, which is reserved for the server';
  // As `$JS.…` and `$SYS.…` are: JetStream takes no stream that could hold them.
  if (tokens.length > 1 && (tokens[0] === '{entity}' || tokens[0] === '*'))
    return `starts with \`${tokens[0]}\`, which would hold the server's own subjects too`;
  if (template === '>') return "is `>` alone, which would hold the server's own subjects too";
  if (tokens.slice(0, -1).includes('>')) return 'has `>` before its end';
  if (tokens.filter((token) => token === '{entity}').length > 1) return 'has `{entity}` twice';
  const odd = tokens.find(
    (token) => token !== '{entity}' && token !== '*' && token !== '>' && /[{}*>]/.test(token),
  );
  return odd === undefined
    ? undefined
    : `has the token "${odd}", but \`{entity}\`, \`*\` and \`>\` must be whole tokens`;
}
