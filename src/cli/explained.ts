import { printDuration, printSize } from '../model/settings.ts';
import { creation } from '../plan/creation.ts';
import type {
  ConsumePlan,
  EntityPlan,
  TombstonePlan,
  Plan,
  RolePlan,
  SignaturePlan,
  StreamPlan,
  TablePlan,
} from '../plan/plan.ts';
import { tableName } from '../plan/table-name.ts';
import { tableAt } from '../plan/tables-of.ts';
import { shownDialect } from '../sql/registry.ts';

const { changeText, deleteText, pruneText, tombstoneTexts, typeName, upsertText } = shownDialect;

/** Everything that a plan says, as plain data for a script. */
export function explainedData(plan: Plan): unknown {
  return {
    pipeline: plan.pipeline,
    limits: plan.limits,
    entities: plan.entities.map(({ name, doc, body, headers, signature, onRefused, orderedBy, tables }) => ({
      name,
      doc,
      body,
      headers,
      orderedBy,
      signature,
      onRefused,
      ingest: [`POST /ingest/${name}`, ...(signature === undefined ? [`POST /ingest/${name}/batch`] : [])],
      tables: tables.map((index) => tableName(tableAt(plan, index))),
    })),
    streams: plan.streams,
    roles: plan.roles,
    tables: plan.tables.map((table) => ({
      name: tableName(table),
      schema: table.schema,
      writers: table.writers,
      columns: table.columns.map(({ name, holds, nullable, doc, pii, allowed }) => ({
        name,
        type: typeName(holds),
        nullable,
        doc,
        pii,
        allowed,
      })),
      constraints: table.constraints,
      indexes: table.indexes,
      refs: table.refs.map((ref) => ({ ...ref, target: tableName(tableAt(plan, ref.target)) })),
      upsert: { action: table.upsert.action.kind, sql: upsertText(table) },
      duplicates: table.duplicates,
      delete:
        table.delete === undefined
          ? undefined
          : { sql: deleteText(table), remembered_in: table.delete.tombstones?.table.name },
      prune: table.prune === undefined ? undefined : { sql: pruneText(table, table.prune) },
    })),
    ddl: creation(plan).map(changeText),
  };
}

/** The same for a person: what was written, what was defaulted, and the SQL that will run. */
export function explainedText(plan: Plan): string {
  const sections = [
    section(`pipeline ${plan.pipeline}`, [
      `max_depth: ${plan.limits.maxDepth}, max_list_length: ${plan.limits.maxListLength}`,
    ]),
    section(
      'entities',
      plan.entities.map((entity) => entityLine(plan, entity)),
    ),
    ...plan.streams.map(streamSection),
    ...plan.roles.map(roleSection),
    ...plan.tables.map(tableSection),
    section(
      'DDL',
      creation(plan).map((change) => `${changeText(change)};`),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => line.replace(/^/gm, '  '))].join('\n');
}

function entityLine(plan: Plan, entity: EntityPlan): string {
  const { name, body, headers, signature, onRefused, orderedBy, tables } = entity;
  const names = tables.map((index) => tableName(tableAt(plan, index))).join(', ');
  const reads = [
    ...(body === 'raw' ? ['the body as text'] : []),
    ...headers.map((header) => `header ${header}`),
  ];
  const input = reads.length === 0 ? '' : ` (${reads.join(', ')})`;
  const signed = signature === undefined ? '' : `; ${signedText(signature)}`;
  const refused = onRefused === undefined ? '' : `; on_refused: ${onRefused}`;
  const order = orderedBy === undefined ? '' : `; in order by (${orderedBy.join(', ')})`;
  return `${name}: POST /ingest/${name}${input} → ${names === '' ? 'no table' : names}${signed}${refused}${order}`;
}

/** As the file says it. */
function signedText({ scheme, secret, options }: SignaturePlan): string {
  return `signed by ${scheme}(${[secret, ...Object.values(options)].join(', ')})`;
}

function streamSection(stream: StreamPlan): string {
  return section(`stream ${stream.name}`, [
    ...stream.subjects.map(
      (subject) => `subject ${subject.name}: ${subject.template} (captured as ${subject.pattern})`,
    ),
    `retention: ${stream.retention}`,
    `storage: ${stream.storage}, replicas: ${stream.replicas}`,
    `max_age: ${stream.maxAge === 0 ? 'unlimited' : printDuration(stream.maxAge)}`,
    `max_bytes: ${stream.maxBytes < 0 ? 'unlimited' : printSize(stream.maxBytes)}; full, it refuses new messages`,
    `dedupe: ${printDuration(stream.dedupe)}`,
    // Without an entity that is ordered there are none.
    ...(stream.subjects.some(({ template }) => template.endsWith('{partition}'))
      ? [`partitions: ${stream.partitions}`]
      : []),
  ]);
}

function roleSection({ name, publishes, consumes, deadLetter, settings }: RolePlan): string {
  return section(`role ${name}`, [
    ...publishes.map((link) => `publishes ${link.template} to stream ${link.stream}`),
    ...consumes.flatMap(consumeLine),
    ...(deadLetter === undefined
      ? []
      : [`dead letters: ${deadLetter.template} in stream ${deadLetter.stream}, and the table dead_letters`]),
    ...(settings.port === undefined ? [] : [`port: ${settings.port}`]),
    ...(publishes.length === 0
      ? []
      : [
          `body_limit: ${printSize(settings.bodyLimit)}, batch_limit: ${printSize(settings.batchLimit)}`,
          `publish_window: ${settings.publishWindow} messages, max_rows_per_message: ${settings.maxRowsPerMessage}, on_refused: ${settings.onRefused}`,
        ]),
    ...(consumes.length === 0
      ? []
      : [
          `batch: ${settings.batch} messages, concurrency: ${settings.concurrency}, linger: ${printDuration(settings.linger)}`,
          `attempts: ${settings.attempts}, backoff: ${printDuration(settings.backoff.from)}..${printDuration(settings.backoff.to)}, on_poison: ${settings.onPoison}`,
          `keep_statuses: ${printDuration(settings.keepStatuses)}, keep_dead_letters: ${printDuration(settings.keepDeadLetters)}`,
        ]),
  ]);
}

/** The partitions of a group differ in their number only: one line stands for all. */
function consumeLine({ filter, durable, partition, ...consume }: ConsumePlan): readonly string[] {
  if (partition !== undefined && partition.index > 0) return [];
  const last = (partition?.count ?? 1) - 1;
  const to = (mark: string): string => (last === 0 ? '' : ` to ${mark}${last}`);
  const alone = partition === undefined ? '' : ', one worker at a time for each';
  return [
    `consumes ${filter}${to('.')} of stream ${consume.stream} as ${durable}${to('_p')}${alone} ` +
      `(${consume.entities.join(', ')}; ack_wait ${printDuration(consume.ackWait)}, max_ack_pending ${consume.maxAckPending})`,
  ];
}

function tableSection(table: TablePlan): string {
  const { delete: deletion, prune } = table;
  return section(`table ${tableName(table)}`, [
    `written by ${table.writers.join(', ')}; on conflict: ${actionText(table)}; ${duplicatesText(table)}`,
    ...statementLines('upsert', upsertText(table)),
    ...(deletion === undefined ? [] : statementLines('delete', deleteText(table))),
    ...(deletion?.tombstones === undefined ? [] : tombstoneLines(deletion.tombstones)),
    ...(prune === undefined ? [] : statementLines('prune', pruneText(table, prune))),
  ]);
}

function tombstoneLines(tombstones: TombstonePlan): readonly string[] {
  const { hold, release } = tombstoneTexts(tombstones);
  return [
    `tombstones of deleted rows: ${tombstones.table.name}`,
    ...statementLines('remember', hold),
    ...statementLines('forget', release),
  ];
}

/** What becomes of different rows of one message with one key. */
function duplicatesText({ duplicates }: TablePlan): string {
  return duplicates === undefined ? 'two rows of one key reject their message' : `duplicates ${duplicates}`;
}

/** As the file says it: `newest by version`. */
function actionText({ columns, upsert: { action } }: TablePlan): string {
  const names = (indexes: readonly number[]): string =>
    indexes.map((index) => columns[index]?.name ?? '').join(', ');
  switch (action.kind) {
    case 'replace':
    case 'keep':
    case 'merge':
      return action.kind;
    case 'newest':
      return `newest by ${names([action.by])}`;
    case 'add':
      return `add (${names(action.columns)})`;
  }
}

function statementLines(title: string, sql: string): readonly string[] {
  return [`${title}:`, sql.replace(/^/gm, '  ')];
}
