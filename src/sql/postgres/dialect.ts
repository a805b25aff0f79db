import type { Dialect } from '../dialect.ts';
import { changeText } from './ddl/change.ts';
import { qualifiedName } from './identifier.ts';
import { grantsOf, grantStatements } from './privileges.ts';
import { baseName, typeName } from './type-names.ts';
import { deleteText } from './writer/delete.ts';
import { pruneText } from './writer/prune.ts';
import { holdText, releaseText } from './writer/tombstones.ts';
import { upsertStatement } from './writer/upsert.ts';

export const postgres: Dialect = {
  title: 'Postgres',
  tableName: qualifiedName,
  typeName,
  baseName,
  changeText,
  upsertText: (table) => upsertStatement(table).text,
  deleteText,
  pruneText,
  grantTexts: (kind, part, user) => grantStatements(grantsOf(kind, part), user),
  tombstoneTexts: (tombstones) => ({ hold: holdText(tombstones), release: releaseText(tombstones) }),
};
