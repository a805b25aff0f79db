import type { Program } from '../model/program.ts';
import { compileEntity } from './evaluate/entity.ts';
import { placeOf } from './evaluate/own-fields.ts';
import type { Plan } from './plan.ts';
import { planRoles, planStreams } from './streams.ts';
import { planTables } from './tables.ts';

/** Compiles a program that passed every check. `file` is its name as the user gave it. */
export function compilePlan(program: Program, file: string): Plan {
  const tables = planTables(program);
  return {
    pipeline: program.name,
    file,
    entities: program.entities.map((entity) => compileEntity(entity, program, tables, placeOf)),
    tables,
    streams: planStreams(program),
    roles: planRoles(program),
  };
}
