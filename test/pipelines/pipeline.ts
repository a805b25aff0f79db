import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Analysis } from '../../src/checks/analyze.ts';
import { analyzeFile } from '../../src/cli/program-file.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Rejection } from '../../src/types/value.ts';

/** The full path of a file in `pipelines/`. */
export function pipelinePath(name: string): string {
  return fileURLToPath(new URL(`../../pipelines/${name}`, import.meta.url));
}

/** The lines of a file in `pipelines/`, one message each. */
export function linesOf(name: string): readonly string[] {
  return readFileSync(pipelinePath(name), 'utf8').trimEnd().split('\n');
}

export function analysisOf(name: string): Analysis {
  return analyzeFile(pipelinePath(name));
}

export function pipelinePlan(name: string): Plan {
  return compilePlan(analysisOf(name).program, name);
}

export type Columns = Readonly<Record<string, unknown>>;

export type Evaluated =
  | {
      readonly kind: 'rows';
      readonly unknownFields: number;
      readonly rows: Readonly<Record<string, readonly Columns[]>>;
    }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** The rows of one message by table, each value as `nomnom eval` prints it. */
export function evaluate(
  plan: Plan,
  entity: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Evaluated {
  const found = plan.entities.find((each) => each.name === entity);
  if (found === undefined) throw new Error(`no entity ${entity}`);
  const messageId = '00000000-0000-7000-8000-000000000000';
  const evaluation = found.evaluate({ body, headers, messageId, receivedAt: 0 });
  if (evaluation.kind === 'rejected') return evaluation;
  const rows: Record<string, Columns[]> = {};
  for (const { table, rows: written } of evaluation.writes) {
    const { name, columns } = plan.tables[table] ?? { name: '', columns: [] };
    rows[name] = (rows[name] ?? []).concat(
      written.map((row) =>
        Object.fromEntries(columns.map((column, at) => [column.name, column.toJson(row[at] ?? null)])),
      ),
    );
  }
  return { kind: 'rows', unknownFields: evaluation.unknownFields, rows };
}
