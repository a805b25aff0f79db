import { FAILURES } from '../../src/ports/failure.ts';
import { code, table } from './markdown.ts';

/** `docs/reference/failures.md`: every failed operation with its cause and what a person does, from the table of failures. */
export function failuresPage(): string {
  const failures = Object.entries(FAILURES);
  return [
    '# Failures',
    'A failed operation is no fault of the program or of a message. It stands in the log with its code, and in `/readyz` where',
    'a role waits for it. Where it says that it is retried, the same operation is repeated without anybody doing anything.',
    '',
    table(
      ['code', 'message', 'retried'],
      failures.map(([name, { message, retryable }]) => [
        `[${name}](#${name.toLowerCase()})`,
        message,
        retryable ? 'yes' : 'no',
      ]),
    ),
    ...failures.map(
      ([name, { message, when, help }]) =>
        `\n## ${name}\n\n${code(message)}\n\n**Cause.** ${when}\n\n**What to do.** ${help}`,
    ),
  ].join('\n');
}
