import { differenceLine } from '../roles/setup/refusal.ts';
import type { PlannedChanges } from '../roles/setup/apply-tables.ts';
import { shownDialect } from '../sql/registry.ts';

/** What `apply` would run, as SQL that psql takes; what is no SQL, as comments. Empty where it would do nothing. */
export function dryRunText(
  { migrations, repairs, queue }: PlannedChanges,
  ledgerSchema: string | undefined,
): string {
  const where = ledgerSchema === undefined ? '' : ` in schema ${ledgerSchema}`;
  const ledger = migrations.map(
    ({ number, name, statements }) =>
      `-- nomnom's own tables${where}, migration ${number}: ${name}\n${sql(statements)}`,
  );
  const tables = repairs.map(
    ({ line, changes }) => `-- ${line}\n${sql(changes.map(shownDialect.changeText))}`,
  );
  const changes = queue.map((difference) => `--${differenceLine(difference).replaceAll('\n', '\n-- ')}\n`);
  return [...ledger, ...tables, ...changes].join('\n');
}

function sql(statements: readonly string[]): string {
  return statements.map((text) => `${text.trim().replace(/;$/, '')};\n`).join('');
}
