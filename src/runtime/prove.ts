import type { Plan } from '../plan/plan.ts';
import { refusalText } from '../roles/setup/refusal.ts';
import { verify } from '../roles/setup/verify.ts';
import { proveStatements } from '../roles/worker/receive/ready.ts';
import { fault } from '../cli/exit.ts';
import type { Servers } from './servers.ts';

/** Ends the command where the live servers differ from the plan, before the first message. */
export async function prove({ store, queue }: Servers, plan: Plan): Promise<void> {
  const differences = await verify(store, queue, plan);
  // A statement can only be proven on tables that are there.
  const unproven =
    refusalText(plan.file, differences) !== undefined ? differences : await proveStatements(store, plan);
  const refusal = refusalText(plan.file, unproven);
  if (refusal !== undefined) throw fault(refusal);
}
