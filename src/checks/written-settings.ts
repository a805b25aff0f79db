import { finding, type CodeDescription, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Program, RoleModel, StreamModel } from '../model/program.ts';
import { printDuration, printSize } from '../model/settings.ts';
import type { Span } from '../text/source.ts';

/** A role and a stream whose messages it takes, each pair once. */
export interface Consuming {
  readonly role: RoleModel;
  readonly stream: StreamModel;
}

export function consumings(program: Program): readonly Consuming[] {
  return pairs(program, (role) => role.consumes);
}

/** A role and a stream to which it publishes. */
export function publishings(program: Program): readonly Consuming[] {
  return pairs(program, (role) => role.publishes);
}

function pairs(
  { roles, streams }: Program,
  links: (role: RoleModel) => RoleModel['consumes'],
): readonly Consuming[] {
  const places = new Map(streams.map(({ name }, at) => [name, at]));
  return roles.flatMap((role) => {
    if (role.tree?.broken === true) return [];
    const used = new Set(links(role).map(({ subject }) => places.get(subject?.stream ?? '')));
    return [...used]
      .flatMap((at) => at ?? [])
      .toSorted((left, right) => left - right)
      .flatMap((at): readonly Consuming[] => {
        const stream = streams[at];
        return stream === undefined || stream.tree?.broken === true ? [] : [{ role, stream }];
      });
  });
}

/** A setting of a role or stream, with the text of its value. */
export interface Part {
  readonly of: RoleModel | StreamModel;
  readonly setting: string;
  readonly value: string;
}

export function durationOf<K extends string>(
  of: (RoleModel | StreamModel) & { readonly settings: Readonly<Record<K, number>> },
  setting: K,
): Part {
  return { of, setting, value: printDuration(of.settings[setting]) };
}

export function sizeOf<K extends string>(
  of: (RoleModel | StreamModel) & { readonly settings: Readonly<Record<K, number>> },
  setting: K,
): Part {
  return { of, setting, value: printSize(of.settings[setting]) };
}

/**
 * A finding about two settings that do not go together, at the first of them that the program writes: at least one is
 * written, because the defaults go together.
 */
export function aboutSettings(
  description: CodeDescription,
  program: Program,
  [first, second]: readonly [Part, Part],
  message: string,
  help: string,
): Diagnostic {
  const [place, other] = [first, second].flatMap((part) => {
    const span = spanOf(part);
    return span === undefined ? [] : [{ part, span }];
  });
  const wholeFile = { file: program.source, start: 0, end: 0 };
  const unwritten = place?.part === first ? second : first;
  return finding(description, place?.span ?? wholeFile, message, {
    label: other === undefined ? `\`${unwritten.setting}\` is ${unwritten.value} by default` : 'this setting',
    related: other === undefined ? [] : [{ span: other.span, text: 'and this one' }],
    help,
  });
}

function spanOf({ of, setting }: Part): Span | undefined {
  return of.tree?.settings.findLast(({ name }) => name.text === setting)?.span;
}
