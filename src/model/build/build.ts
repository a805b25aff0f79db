import type { Diagnostic, Report } from '../../diagnostics/diagnostic.ts';
import type { FileTree } from '../../syntax/tree.ts';
import { BAD_IMPORT, UNKNOWN_FUNCTION, UNKNOWN_NAME } from '../codes/codes.ts';
import { collect } from '../collect/declarations.ts';
import type { Program, RecordModel } from '../program.ts';
import { resolveRecords } from './records.ts';
import { withImports } from '../collect/imports.ts';
import { readSettings } from '../resolve/read-settings.ts';
import type { ReadFile } from '../collect/read-file.ts';
import { resolveDeletion } from './deletion.ts';
import { resolveOrdering } from './ordering.ts';
import { resolveStores } from './stores.ts';
import { resolveRoles, resolveStreams } from '../resolve/streams.ts';
import { resolveTest } from './tests.ts';

/**
 * Resolves names, infers types and fills in defaults. Always gives a program, also from a wrong file, so that
 * later checks can still find independent errors; what is wrong in it was reported.
 */
export function buildProgram(file: FileTree, outer: Report, readFile?: ReadFile): Program {
  let incomplete = false;
  const files = withImports(file, readFile, (found) => {
    if (found.code === BAD_IMPORT.code) incomplete = true;
    outer(found);
  });
  // The names that a missing file would declare are no mistakes of their own.
  const report: Report = (found) => {
    if (!incomplete || !isUnknownName(found)) outer(found);
  };
  const declarations = collect(files, report);
  const { pipeline } = declarations;
  const name = pipeline?.name.text ?? nameFromFile(file.span.file.name);
  const records = resolveRecords(declarations, readFile, report);
  for (const record of records.all.values()) {
    const ordering = resolveOrdering(record, report);
    if (ordering !== undefined) Object.assign(record, { ordering });
  }
  const storeOf = resolveStores(records.all, report);
  const stores = [...new Set(storeOf.values())];
  for (const [record, store] of storeOf) Object.assign(record, { store });
  for (const shape of records.all.values()) {
    const store = stores.find((each) => each.record === shape);
    if (store !== undefined) Object.assign(shape, { store });
  }
  for (const store of stores) resolveDeletion(store, records.values, report);
  const ofKind = (kind: string): RecordModel[] =>
    [...records.all.values()].filter((record) => record.tree.kind === kind);
  const entities = ofKind('entity');
  const streams = resolveStreams(name, declarations.streams, report);
  const tables = new Map(stores.map((store) => [store.table, store]));
  return {
    name,
    source: file.span.file,
    ...(pipeline?.doc === undefined ? {} : { doc: pipeline.doc }),
    settings: readSettings(
      'pipeline',
      pipeline?.settings ?? [],
      pipeline?.broken === true ? () => {} : report,
    ),
    enums: [...declarations.enums.values()],
    shapes: ofKind('shape'),
    entities,
    derivations: records.derivations,
    functions: records.functions,
    lookups: records.lookups,
    stores,
    streams,
    roles: resolveRoles(declarations.roles, streams, entities, report),
    tests: declarations.tests.map((tree) =>
      resolveTest(tree, { entities, values: records.values, tables }, report),
    ),
    cycles: records.cycles,
  };
}

function isUnknownName({ code }: Diagnostic): boolean {
  return code === UNKNOWN_NAME.code || code === UNKNOWN_FUNCTION.code;
}

/** A pipeline without a name takes the file's, made a name: `my-shop.nom` is `my_shop`. */
export function nameFromFile(path: string): string {
  const base = path.split(/[\\/]/).at(-1) ?? '';
  const name = base.replace(/\.nom$/, '').replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(name) ? name : `p_${name}`;
}
