import type { RoleSettingValues } from '../model/settings.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { Program, RoleModel, StreamModel } from '../model/program.ts';
import type { Check } from './check.ts';
import {
  aboutSettings,
  consumings,
  durationOf,
  publishings,
  sizeOf,
  type Consuming,
  type Part,
} from './written-settings.ts';

/** Milliseconds of evaluation for one message, on the safe side: a lease is not renewed in between. */
const EVALUATION = 0.2;

export const riskySettings: Check = {
  description: {
    code: 'NOM512',
    severity: 'warning',
    title: 'two settings do not go well together',
    explanation: `The role starts, but with these settings it can refuse the largest messages, apply messages twice, or lose them:

- \`linger\`, and the time to evaluate a \`batch\`, should be at most a third of \`ack_wait\`. Otherwise messages can be delivered twice.
- \`max_age\` of a stream should be longer than all \`attempts\` with their \`backoff\`. Otherwise the stream drops a message before they
  are used.
- \`keep_statuses\` should be at least \`max_age\`. Otherwise a message that is delivered again after that is applied again.
- \`body_limit\` should be less than \`batch_limit\` and less than \`max_bytes\` of the stream. Otherwise the largest messages do not fit.
- \`dedupe\` of a stream is at most its \`max_age\`. A longer one has no effect.
- Of several roles that consume, the largest \`keep_statuses\` and \`keep_dead_letters\` count. A smaller one has no effect.

\`\`\`nom
stream SHOP { subject ingest = "shop.ingest.{entity}"  max_bytes: 64KB }
role ingest { publish SHOP.ingest  body_limit: 1MB }    // wrong: a message of 1 MB never finds room
role ingest { publish SHOP.ingest  body_limit: 32KB }   // right
\`\`\``,
  },
  run: (program, report) => {
    const warn: Warn = (parts, message, help) =>
      report(aboutSettings(riskySettings.description, program, parts, message, help));
    for (const role of program.roles) if (role.publishes.length > 0) ofBatches(role, warn);
    for (const publishing of publishings(program)) ofRoom(publishing, warn);
    for (const stream of program.streams) ofDedupe(stream, warn);
    for (const role of program.roles) if (role.consumes.length > 0) ofLease(role, warn);
    for (const consuming of consumings(program)) ofAge(consuming, warn);
    ofRetention(program, report);
  },
};

type Warn = (parts: readonly [Part, Part], message: string, help: string) => void;

function ofBatches(role: RoleModel, warn: Warn): void {
  const body = sizeOf(role, 'body_limit');
  const batch = sizeOf(role, 'batch_limit');
  if (role.settings.body_limit <= role.settings.batch_limit || role.tree?.broken === true) return;
  warn(
    [body, batch],
    `\`body_limit\` is ${body.value} and \`batch_limit\` ${batch.value}: the largest message does not fit into a batch`,
    'raise `batch_limit`, or lower `body_limit`',
  );
}

function ofRoom({ role, stream }: Consuming, warn: Warn): void {
  const body = sizeOf(role, 'body_limit');
  const room = sizeOf(stream, 'max_bytes');
  const { max_bytes } = stream.settings;
  if (max_bytes <= 0 || role.settings.body_limit < max_bytes) return;
  warn(
    [body, room],
    `\`body_limit\` is ${body.value}, but ${stream.name} holds at most \`max_bytes\`, ${room.value}: the largest messages never find room`,
    'raise `max_bytes`, or lower `body_limit`',
  );
}

/** The queue remembers no id longer than its message, so the window is shortened. */
function ofDedupe(stream: StreamModel, warn: Warn): void {
  const { dedupe, max_age } = stream.settings;
  const isWritten = stream.tree?.settings.some(({ name }) => name.text === 'dedupe') ?? false;
  if (!isWritten || stream.tree?.broken === true || max_age === 0 || dedupe <= max_age) return;
  const window = durationOf(stream, 'dedupe');
  const age = durationOf(stream, 'max_age');
  warn(
    [window, age],
    `\`dedupe\` is ${window.value}, but ${stream.name} remembers a message id only for \`max_age\`, ${age.value}`,
    'lower `dedupe`, or raise `max_age`',
  );
}

function ofLease(role: RoleModel, warn: Warn): void {
  const { linger, ack_wait, batch } = role.settings;
  if (role.tree?.broken === true || linger >= ack_wait) return;
  const ackWait = durationOf(role, 'ack_wait');
  const lingers = durationOf(role, 'linger');
  if (linger > ack_wait / 3)
    warn(
      [lingers, ackWait],
      `\`linger\` is ${lingers.value}, more than a third of \`ack_wait\`, ${ackWait.value}: messages may be delivered twice`,
      'lower `linger`, or raise `ack_wait`',
    );
  if (batch * EVALUATION > ack_wait / 3)
    warn(
      [{ of: role, setting: 'batch', value: String(batch) }, ackWait],
      `a batch of ${batch} messages may take longer to evaluate than a third of \`ack_wait\`, ${ackWait.value}: messages may be delivered twice`,
      'lower `batch`, or raise `ack_wait`',
    );
}

function ofAge({ role, stream }: Consuming, warn: Warn): void {
  const { max_age } = stream.settings;
  const { ack_wait, attempts, backoff, keep_statuses } = role.settings;
  if (max_age === 0 || max_age <= ack_wait) return;
  const age = durationOf(stream, 'max_age');
  if (max_age < delaysOf(attempts, backoff))
    warn(
      [{ of: role, setting: 'attempts', value: String(attempts) }, age],
      `${stream.name} drops messages after \`max_age\`, ${age.value}, before ${attempts} attempts with this \`backoff\` are used`,
      'raise `max_age`, or lower `attempts` or `backoff`',
    );
  const kept = durationOf(role, 'keep_statuses');
  if (max_age > keep_statuses)
    warn(
      [kept, age],
      `${stream.name} keeps messages for \`max_age\`, ${age.value}, but \`keep_statuses\` is ${kept.value}: a message that comes again after that is applied again`,
      'raise `keep_statuses`, or lower `max_age`',
    );
}

/** Statuses and dead letters are the pipeline's: of several roles that consume, the one that keeps longest decides. */
function ofRetention(program: Program, report: Report): void {
  const roles = program.roles.filter(({ consumes }) => consumes.length > 0);
  for (const setting of ['keep_statuses', 'keep_dead_letters'] as const) {
    const longest = roles.toSorted((left, right) => right.settings[setting] - left.settings[setting])[0];
    for (const role of roles) {
      const isWritten = role.tree?.settings.some(({ name }) => name.text === setting) ?? false;
      if (!isWritten || longest === undefined || role.settings[setting] >= longest.settings[setting])
        continue;
      const own = durationOf(role, setting);
      const other = durationOf(longest, setting);
      report(
        aboutSettings(
          riskySettings.description,
          program,
          [own, other],
          `\`${setting}\` of ${role.name} is ${own.value}, but ${longest.name} keeps them for ${other.value}: the longer time counts`,
          'write the same value in both roles',
        ),
      );
    }
  }
}

/** Milliseconds between the first attempt and the last, at most. */
function delaysOf(attempts: number, { from, to }: RoleSettingValues['backoff']): number {
  let total = 0;
  for (let attempt = 1; attempt < attempts; attempt += 1)
    total += Math.min(to, from * 2 ** Math.min(attempt - 1, 30));
  return total;
}
