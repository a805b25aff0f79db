import type { Program } from '../model/program.ts';
import { compileEntity } from './entity.ts';
import { placeOf } from './evaluate/own-fields.ts';
import { entityFingerprints, programFingerprint } from './fingerprint.ts';
import type { MessageLimits, Plan, RolePlan, TextLimits } from './plan.ts';
import { planRoles, planStreams } from './streams.ts';
import { planTables } from './tables.ts';

/** Compiles a program that passed every check. `file` is its name as the user gave it. */
export function compilePlan(program: Program, file: string): Plan {
  const tables = planTables(program);
  const { max_depth: maxDepth, max_list_length: maxListLength } = program.settings;
  const limits: TextLimits = { maxDepth, maxListLength };
  const roles = planRoles(program);
  const fingerprints = entityFingerprints(program, tables, limits, roles);
  const plan = {
    pipeline: program.name,
    limits: { ...limits, ...limitsOf(roles) },
    entities: program.entities.map((entity) => ({
      ...compileEntity(entity, program, tables, placeOf, limits),
      fingerprint: fingerprints.get(entity.name) ?? '',
    })),
    tables,
    streams: planStreams(program),
    roles,
  };
  return { ...plan, file, program: programFingerprint(plan) };
}

/** What every role that a message may meet agrees to. One that no role takes in has no limit of its size. */
function limitsOf(roles: readonly RolePlan[]): Omit<MessageLimits, keyof TextLimits> {
  const taking = roles.filter(({ publishes }) => publishes.length > 0);
  return {
    maxBytes: taking.length === 0 ? Infinity : Math.max(...taking.map(({ settings }) => settings.bodyLimit)),
    maxRows: Math.min(...roles.map(({ settings }) => settings.maxRowsPerMessage)),
  };
}
