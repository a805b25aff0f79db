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

\`\`\`nom
stream SHOP { subject ingest = "shop.ingest.{entity}"  max_age: 10s }
role ingest { publish SHOP.ingest }
role worker { consume SHOP.ingest  ack_wait: 1m }      // wrong: longer than max_age
role worker { consume SHOP.ingest  ack_wait: 5s }      // right
\`\`\``,
  },
  run: (program, report) => {
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
