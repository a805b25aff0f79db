import { finding, type Report } from '../diagnostics/diagnostic.ts';
import type { Program, RecordModel, StoreModel } from '../model/program.ts';
import { derivedFrom } from '../model/query/derived-from.ts';
import { isInEveryMessage } from '../model/query/in-every-message.ts';
import type { Check } from './check.ts';
import { aboutSettings, consumings, durationOf, type Part } from './written-settings.ts';

export const contradictingSettings: Check = {
  description: {
    code: 'NOM510',
    severity: 'error',
    title: 'two settings contradict each other',
    explanation: `With these settings a role would lose messages or apply them twice, so it would not start:

- \`linger\` must be shorter than \`ack_wait\`. Otherwise every message is delivered again before its batch is full.
- \`keep_statuses\` must be longer than \`ack_wait\`. The status of a message tells that it was applied. Without it, a message whose
  acknowledgement was lost would be applied twice.
- \`max_age\` of a stream must be longer than \`ack_wait\` of the roles that consume it. Otherwise the stream drops a message before
  another worker can take it from one that ended.
- \`max_rows_per_message\` must be at least the number of rows that each message of an entity makes. Otherwise every one of them is
  rejected, \`too_many_rows\`.

\`\`\`nom
stream SHOP { subject ingest = "shop.ingest.{entity}"  max_age: 10s }
role ingest { publish SHOP.ingest }
role worker { consume SHOP.ingest  ack_wait: 1m }      // wrong: longer than max_age
role worker { consume SHOP.ingest  ack_wait: 5s }      // right
\`\`\``,
  },
  run: (program, report) => {
    reportTooFewRows(program, report);
    for (const { role, stream } of consumings(program)) {
      const contradict = (parts: readonly [Part, Part], message: string, help: string): void =>
        report(aboutSettings(contradictingSettings.description, program, parts, message, help));
      const { linger, ack_wait, keep_statuses } = role.settings;
      const { max_age } = stream.settings;
      const ackWait = durationOf(role, 'ack_wait');
      const lingers = durationOf(role, 'linger');
      const kept = durationOf(role, 'keep_statuses');
      const age = durationOf(stream, 'max_age');
      if (linger >= ack_wait)
        contradict(
          [lingers, ackWait],
          `\`linger\` is ${lingers.value}, but a message is delivered again after \`ack_wait\`, ${ackWait.value}`,
          'lower `linger`, or raise `ack_wait`',
        );
      if (keep_statuses <= ack_wait)
        contradict(
          [kept, ackWait],
          `\`keep_statuses\` is ${kept.value}, but a message can come again after \`ack_wait\`, ${ackWait.value}, and would be applied twice`,
          'raise `keep_statuses`, or lower `ack_wait`',
        );
      if (max_age > 0 && max_age <= ack_wait)
        contradict(
          [ackWait, age],
          `${stream.name} drops messages after \`max_age\`, ${age.value}, but ${role.name} can hold one for \`ack_wait\`, ${ackWait.value}: what it held when it ended would be lost`,
          'raise `max_age`, or lower `ack_wait`',
        );
    }
  },
};

/** At a role that allows fewer rows than each message of an entity makes. */
function reportTooFewRows(program: Program, report: Report): void {
  for (const role of program.roles) {
    if (role.tree?.broken === true) continue;
    const most = role.settings.max_rows_per_message;
    const setting = role.tree?.settings.findLast(({ name }) => name.text === 'max_rows_per_message');
    const refused = program.entities.find((entity) => storesOfEach(program, entity).length > most);
    if (setting === undefined || refused === undefined) continue;
    const stores = storesOfEach(program, refused);
    const tables = stores.map(({ table }) => table).join(', ');
    report(
      finding(
        contradictingSettings.description,
        setting.span,
        `\`max_rows_per_message\` is ${most}, but each message of ${refused.name} makes at least ${stores.length} rows, and would be rejected`,
        {
          label: 'less than any message needs',
          related: stores.map((store) => ({ span: store.tree.table.span, text: 'one row' })),
          help: `allow at least ${stores.length} rows, one each for ${tables}`,
        },
      ),
    );
  }
}

/** The tables to which each message of an entity writes a row. A deletion takes others along, so that they may have none. */
function storesOfEach(program: Program, entity: RecordModel): readonly StoreModel[] {
  const records = [entity, ...derivedFrom(program, entity)];
  if (records.some(({ broken }) => broken)) return [];
  const deletes = records.some(({ deleteWhen }) => deleteWhen !== undefined);
  const stores = records
    .filter((record) => record.rows === 'one' && isInEveryMessage(record))
    .flatMap((record) => program.storeOf.get(record) ?? []);
  return [...new Set(deletes ? stores.slice(0, 1) : stores)];
}
