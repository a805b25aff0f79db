import type { Plan } from '../../plan/plan.ts';
import type { FullDeadLetter } from '../../ports/dead-letters.ts';
import type { Delivery } from '../../ports/queue.ts';
import type { MessageError } from '../../ports/ledger-entries.ts';
import { evaluator } from '../worker/receive/evaluate.ts';

/** What a file would make of a dead letter. */
export type Verdict =
  | { readonly kind: 'passes' }
  /** The file has nothing against it, but it was Postgres that refused it, and only Postgres can tell again. */
  | { readonly kind: 'postgres-decides' }
  | { readonly kind: 'fails'; readonly error: MessageError };

/** Gives the function that decodes, checks and derives a dead letter as a worker of this plan would. Writes nothing. */
export function simulator(plan: Plan): (letter: FullDeadLetter) => Verdict {
  const evaluate = evaluator(plan);
  return (letter) => {
    const { messageId, entity, generation, body, headers, receivedAt, error } = letter;
    const delivery: Delivery = {
      messageId,
      entity,
      generation,
      body,
      headers,
      receivedAt: Date.parse(receivedAt),
      program: plan.program,
      deliveries: 1,
    };
    const evaluated = evaluate(delivery);
    if (evaluated.kind === 'failed') return { kind: 'fails', error: evaluated.error };
    return { kind: wasRefusedByPostgres(error) ? 'postgres-decides' : 'passes' };
  };
}

function wasRefusedByPostgres({ code, constraint }: MessageError): boolean {
  return code === 'constraint_violation' || constraint !== undefined;
}

/** Dead letters that share the code of their error, and what would become of them. */
export interface CodeReport {
  readonly code: string;
  letters: number;
  passes: number;
  postgresDecides: number;
  fails: number;
  /** What those that fail would say, the most frequent first. */
  readonly reasons: Reason[];
}

export interface Reason {
  readonly code: string;
  readonly field: string;
  readonly message: string;
  /** One of them. */
  readonly example: string;
  letters: number;
}

/** Different reasons that are told apart for each code. */
const REASONS = 50;

/** Counts verdicts by the code of the old error. */
export function addVerdict(
  reports: Map<string, CodeReport>,
  { error, messageId }: FullDeadLetter,
  verdict: Verdict,
): void {
  let report = reports.get(error.code);
  if (report === undefined) {
    report = { code: error.code, letters: 0, passes: 0, postgresDecides: 0, fails: 0, reasons: [] };
    reports.set(error.code, report);
  }
  report.letters += 1;
  switch (verdict.kind) {
    case 'passes':
      report.passes += 1;
      return;
    case 'postgres-decides':
      report.postgresDecides += 1;
      return;
    case 'fails': {
      report.fails += 1;
      const { code, field, message } = verdict.error;
      const known = report.reasons.find((each) => each.code === code && each.field === field);
      if (known !== undefined) known.letters += 1;
      else if (report.reasons.length < REASONS)
        report.reasons.push({ code, field, message, example: messageId, letters: 1 });
    }
  }
}
