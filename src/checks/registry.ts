import { addColumns } from './add-columns.ts';
import { alwaysRejected } from './always-rejected.ts';
import { constantKey } from './constant-key.ts';
import { constantFailures } from './constant-failures.ts';
import { consumerNames } from './consumer-names.ts';
import { unusedDeclarations } from './unused-declarations.ts';
import type { Check } from './check.ts';
import { contradictingSettings } from './contradicting-settings.ts';
import { deadLetterLoop } from './dead-letter-loop.ts';
import { deletedParents } from './deleted-parents.ts';
import { derivationCycle } from './derivation-cycle.ts';
import { derivedKey } from './derived-key.ts';
import { duplicateRows } from './duplicate-rows.ts';
import { duplicatesRule } from './duplicates-rule.ts';
import { generatedNames } from './generated-names.ts';
import { jsonPlaces } from './json-places.ts';
import { keyTypes } from './key-types.ts';
import { letterCase } from './letter-case.ts';
import { longKeys } from './long-keys.ts';
import { maxDepth } from './max-depth.ts';
import { mergedDefaults } from './merged-defaults.ts';
import { multipliedSources } from './multiplied-sources.ts';
import { newestBy } from './newest-by.ts';
import { noColumn } from './no-column.ts';
import { oneRoot } from './one-root.ts';
import { orderedOnce } from './ordered-once.ts';
import { orderFields } from './order-fields.ts';
import { prunedColumns } from './prune-columns.ts';
import { prunedLists } from './pruned-lists.ts';
import { publishCaptured } from './publish-captured.ts';
import { publishWildcard } from './publish-wildcard.ts';
import { refCycle } from './ref-cycle.ts';
import { refTarget } from './ref-target.ts';
import { repeatedSource } from './repeated-source.ts';
import { riskySettings } from './risky-settings.ts';
import { rolesConnected } from './roles-connected.ts';
import { serverNames } from './server-names.ts';
import { storeUpsert } from './store-upsert.ts';
import { streamOverlap } from './stream-overlap.ts';
import { subjectSyntax } from './subject-syntax.ts';
import { tableSize } from './table-size.ts';
import { supersededHistory } from './superseded-history.ts';
import { tableTwice } from './table-twice.ts';
import { upsertConstraint } from './upsert-constraint.ts';
import { upsertKeyNull } from './upsert-key-null.ts';

/** Every check of a whole program, by code. */
export const checks: readonly Check[] = [
  letterCase,
  upsertConstraint,
  upsertKeyNull,
  storeUpsert,
  derivedKey,
  newestBy,
  refTarget,
  refCycle,
  tableTwice,
  generatedNames,
  keyTypes,
  addColumns,
  orderFields,
  deletedParents,
  prunedLists,
  tableSize,
  longKeys,
  duplicatesRule,
  duplicateRows,
  mergedDefaults,
  supersededHistory,
  constantKey,
  noColumn,
  constantFailures,
  alwaysRejected,
  jsonPlaces,
  derivationCycle,
  repeatedSource,
  multipliedSources,
  oneRoot,
  prunedColumns,
  subjectSyntax,
  streamOverlap,
  publishCaptured,
  rolesConnected,
  deadLetterLoop,
  publishWildcard,
  consumerNames,
  orderedOnce,
  maxDepth,
  contradictingSettings,
  riskySettings,
  serverNames,
  unusedDeclarations,
];
