import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import { consumersOf } from '../../model/query/consumers.ts';
import type { Program, RoleModel, StreamModel } from '../../model/program.ts';
import { printDuration } from '../../model/settings.ts';
import type { SettingTree } from '../../syntax/tree.ts';
import type { Span } from '../../text/source.ts';
import { MAY_BE_REFUSED, OTHER_WAY } from './codes.ts';

const DRAIN =
  'stop ingest, wait until the queue is empty, stop the workers, then apply and start the new program';
const LIMIT = 'keep the limit until no older message waits';

/** Reports where messages are stored, carried and ordered in another way, and limits that became lower. */
export function compareWiring(old: Program, now: Program, report: Report): void {
  const start: Span = { file: now.source, start: 0, end: 0 };
  const moved = (span: Span, message: string, before?: Span): void =>
    report(
      finding(OTHER_WAY, span, message, {
        ...(before === undefined ? {} : { related: [{ span: before, text: 'until now' }] }),
        help: DRAIN,
      }),
    );
  compareLimits(old, now, start, report);
  for (const entity of now.entities) {
    const before = old.entities.find((each) => each.name === entity.name);
    const [was, is] = [before, entity].map((each) =>
      each?.ordering?.fields.map(({ name }) => name).join(', '),
    );
    if (before !== undefined && was !== is)
      moved(
        (entity.ordering?.tree ?? entity.tree.name).span,
        `${entity.name} is ordered by ${is ?? 'nothing'}, before by ${was ?? 'nothing'}`,
        before.ordering?.tree.span,
      );
  }
  if (old.name !== now.name)
    return moved(
      start,
      `the pipeline is now called ${now.name}, not ${old.name}, and all names on the servers begin with its name`,
    );
  const ordered = old.entities.some((entity) => entity.ordering !== undefined);
  for (const stream of old.streams) {
    const same = now.streams.find((each) => each.name === stream.name);
    if (same === undefined)
      moved(stream.tree?.name.span ?? start, `the new program has no stream ${stream.name}`);
    else compareStream(stream, same, ordered, start, moved);
  }
  for (const role of old.roles) {
    const same = now.roles.find((each) => each.name === role.name);
    if (same === undefined) moved(role.tree?.name.span ?? start, `the new program has no role ${role.name}`);
    else compareRole(old, role, now, same, start, moved);
  }
}

type Moved = (span: Span, message: string, before?: Span) => void;

function compareStream(
  old: StreamModel,
  now: StreamModel,
  ordered: boolean,
  start: Span,
  moved: Moved,
): void {
  const place = (name: string): Span => settingOf(now.tree?.settings, name) ?? now.tree?.name.span ?? start;
  for (const subject of old.subjects) {
    const same = now.subjects.find((each) => each.name === subject.name);
    if (same === undefined) {
      moved(subject.tree?.span ?? start, `stream ${now.name} has no subject ${subject.name} any more`);
      continue;
    }
    if (same.template !== subject.template)
      moved(
        same.tree?.pattern.span ?? place(''),
        `subject ${same.name} of stream ${now.name} is ${same.template}, before ${subject.template}`,
        subject.tree?.pattern.span,
      );
  }
  const [was, is] = [old.settings, now.settings];
  if (ordered && was.partitions !== is.partitions)
    moved(
      place('partitions'),
      `stream ${now.name} has ${is.partitions} partitions, before ${was.partitions}`,
    );
  if (was.storage !== is.storage)
    moved(place('storage'), `stream ${now.name} keeps messages in ${is.storage}, before in ${was.storage}`);
  if (is.max_age !== 0 && (was.max_age === 0 || is.max_age < was.max_age))
    moved(
      place('max_age'),
      `stream ${now.name} keeps messages for only ${printDuration(is.max_age)}; messages that wait longer are lost`,
    );
}

function compareRole(
  old: Program,
  before: RoleModel,
  now: Program,
  role: RoleModel,
  start: Span,
  moved: Moved,
): void {
  const place = role.tree?.name.span ?? start;
  const consumers = (program: Program, each: RoleModel): readonly (readonly [string, Span | undefined])[] =>
    each.consumes.flatMap((link) =>
      consumersOf(program, each, link)
        .filter(({ partition }) => partition === undefined)
        .map(
          ({ stream, durable, filter }) =>
            [`${durable} of ${filter} in stream ${stream}`, link.tree?.span] as const,
        ),
    );
  const kept = new Set(consumers(now, role).map(([text]) => text));
  for (const [text, span] of consumers(old, before))
    if (!kept.has(text))
      moved(
        role.consumes[0]?.tree?.span ?? place,
        `role ${role.name} no longer has the consumer ${text}`,
        span,
      );
  const targets = [before, role].map(({ publishes, deadLetter }) =>
    [...publishes, ...(deadLetter === undefined ? [] : [deadLetter])].map(
      ({ subject }) => `${subject?.stream}.${subject?.name}`,
    ),
  );
  const [had = [], has = []] = targets;
  for (const target of had)
    if (!has.includes(target))
      moved(place, `role ${role.name} does not publish to ${target} any more`, before.tree?.name.span);
}

function compareLimits(old: Program, now: Program, start: Span, report: Report): void {
  const lowered = (span: Span, name: string, was: number, is: number): void => {
    if (is < was)
      report(
        finding(
          MAY_BE_REFUSED,
          span,
          `${name} is ${is}, before ${was}, and accepted messages can exceed it`,
          {
            help: LIMIT,
          },
        ),
      );
  };
  for (const name of ['max_depth', 'max_list_length'] as const)
    lowered(start, name, old.settings[name], now.settings[name]);
  for (const role of now.roles) {
    const before = old.roles.find((each) => each.name === role.name);
    if (before === undefined || role.consumes.length === 0) continue;
    const span = settingOf(role.tree?.settings, 'max_rows_per_message') ?? role.tree?.name.span ?? start;
    const [was, is] = [before.settings, role.settings].map((settings) => settings.max_rows_per_message);
    lowered(span, `max_rows_per_message of role ${role.name}`, was ?? 0, is ?? 0);
  }
}

function settingOf(settings: readonly SettingTree[] | undefined, name: string): Span | undefined {
  return settings?.find((each) => each.name.text === name)?.span;
}
