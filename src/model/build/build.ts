import type { Diagnostic, Report } from '../../diagnostics/diagnostic.ts';
import type { FileTree } from '../../syntax/tree.ts';
import { BAD_IMPORT, UNKNOWN_FUNCTION, UNKNOWN_NAME } from '../codes/codes.ts';
import { collect } from '../collect/declarations.ts';
import { namedFiles, withImports } from '../collect/imports.ts';
import type { ReadFile } from '../collect/read-file.ts';
import type { Program, RecordModel, StoreModel } from '../program.ts';
import { tableId } from '../table-name.ts';
import { resolveNames } from '../resolve/names.ts';
import { buildRecords } from './records.ts';
import { buildRoles } from './roles.ts';
import { buildStores, storesByRecord } from './stores.ts';
import { resolveTest } from './tests.ts';

/*
 * The phases of the model. Each takes what the one before it gives, and gives something new:
 *
 * 1. `collect/` — files → `Declarations`: every imported file is read, every name is declared once.
 * 2. `resolve/` — `Declarations` → `Names`: settings, streams, lookups and the owners of stores, which no expression
 *    decides.
 * 3. `infer/` — an expression and the scope in which it stands → `Expression`: every name in it is resolved, every type
 *    known, every conversion explicit.
 * 4. `build/` — `Names` → `Program`: records and functions by inferring their expressions, then what refers to finished
 *    records: stores, roles and tests.
 *
 * A phase reports what is wrong and goes on, with `unknown` in its place: what comes later reports nothing about that.
 * `query/` answers questions about a finished program.
 */

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
  const report: Report = Object.assign(
    (found: Diagnostic) => {
      if (!incomplete || !isUnknownName(found)) outer(found);
    },
    outer.isFull === undefined ? {} : { isFull: outer.isFull },
  );
  const declarations = collect(files, report);
  const names = resolveNames(declarations, file.span.file, readFile, report);
  const records = buildRecords(declarations, names, report);
  const stores = buildStores(names.stores, records.all, report);
  const ofKind = (kind: string): readonly RecordModel[] =>
    [...records.all.values()].filter((record) => record.tree.kind === kind);
  const entities = ofKind('entity');
  const twice = declaredTwice(stores);
  const doc = declarations.pipeline?.doc;
  return {
    name: names.pipeline,
    source: file.span.file,
    ...(doc === undefined ? {} : { doc }),
    files: namedFiles(files),
    settings: names.settings,
    enums: [...names.enums.values()],
    shapes: ofKind('shape'),
    entities,
    derivations: records.derivations,
    functions: records.functions,
    lookups: [...names.lookups.values()],
    secrets: [...names.secrets.values()],
    stores,
    streams: names.streams,
    roles: buildRoles(declarations.roles, names.streams, entities, report),
    tests: declarations.tests.map((tree) =>
      resolveTest(tree, { entities, values: records.values, tables: stores, twice }, report),
    ),
    cycles: records.cycles,
    storeOf: storesByRecord(stores),
  };
}

/** The names of tables that several records declare. */
function declaredTwice(stores: readonly StoreModel[]): ReadonlySet<string> {
  const groups = Map.groupBy(stores, tableId);
  return new Set([...groups.values()].flatMap(([first, second]) => (first && second ? [first.table] : [])));
}

function isUnknownName({ code }: Diagnostic): boolean {
  return code === UNKNOWN_NAME.code || code === UNKNOWN_FUNCTION.code;
}
