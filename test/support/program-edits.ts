import fc from 'fast-check';
import type { RecordModel } from '../../src/model/program.ts';
import type { Type } from '../../src/model/type.ts';

/** A change that the next version of a program makes; nothing where the program has no such place. */
export interface ProgramEdit {
  readonly name: string;
  readonly apply: (text: string, at: number) => string | undefined;
}

/** Replaces one match of the pattern, the one that `at` chooses. */
function swap(name: string, pattern: RegExp, change: (found: RegExpExecArray) => string): ProgramEdit {
  return {
    name,
    apply: (text, at) => {
      const found = [...text.matchAll(pattern)];
      const one = found[at % Math.max(found.length, 1)];
      if (one === undefined) return undefined;
      const changed = text.slice(0, one.index) + change(one) + text.slice(one.index + one[0].length);
      return changed === text ? undefined : changed;
    },
  };
}

/** Changes of a program as test/conformance/generated-program.ts writes it, most of which change what it does. */
export const programEdits: readonly ProgramEdit[] = [
  swap('require a field', /^( {2}\w+: [^\n?]+)\?$/gm, ([, field]) => field ?? ''),
  swap('make a field optional', /^( {2}\w+: [^\n?]+)$/gm, ([, field]) => `${field}?`),
  swap('narrow a text', /: text$/gm, () => ': text(3)'),
  swap('widen a text', /: text\(\d+\)/gm, () => ': text'),
  swap('change the length of a text', /: text\((\d+)\)/gm, ([, size]) => `: text(${Number(size) + 1})`),
  swap('narrow a number', /: bigint\b/gm, () => ': int'),
  swap('widen a number', /: int\b/gm, () => ': bigint'),
  swap('change a type', /: (date|time|uuid|bool|float|timestamp)\b/gm, () => ': text(12)'),
  swap('change decimals', /: decimal\((\d+), 2\)/gm, ([, digits]) => `: decimal(${digits}, 1)`),
  swap('remove a field', /^ {2}\w+: [^\n]+\n/gm, () => ''),
  swap('add a field', /^entity \w+ \{$/gm, ([line]) => `${line}\n  added_here: int`),
  swap('add an optional field', /^entity \w+ \{$/gm, ([line]) => `${line}\n  added_here: int?`),
  swap('give a default', /^( {2}\w+: int)$/gm, ([line]) => `${line} @default(7)`),
  swap('read another key', /^( {2}\w+: int)$/gm, ([line]) => `${line} @json("elsewhere")`),
  swap(
    'add a check',
    /^( {2}total: [^\n]+)\n(?! {2}(ordered|store)[^{]*\{ *$)/gm,
    ([line]) => `${line}  check total > 0 "positive"\n`,
  ),
  swap('refuse unknown keys', /^entity (\w+) \{$/gm, ([, entity]) => `entity ${entity} @strict {`),
  swap('remove an enum value', / {2}B = [^}]*\}/g, () => ' }'),
  swap('add an enum value', /enum Kind \{/g, () => 'enum Kind { C '),
  swap(
    'change the action',
    /(upsert on \([^)]*\)) +(replace|keep|merge|newest by \w+|add \(\w+\)|)/g,
    ([, on]) => `${on} keep `,
  ),
  swap('rename a table', /store (\w+) \{/g, ([, table]) => `store ${table?.slice(0, 40)}_b {`),
  swap('remove an entity', /^entity Child \{[\s\S]*?^\}\n/gm, () => ''),
  swap('stop pruning', /prune by \([^)]*\)/g, () => ''),
  swap('stop deleting', /delete when gone/g, () => ''),
  swap('change the order', / {2}ordered by \([^)]*\)/g, () => ''),
  swap('lower a limit', /^pipeline (\w+)$/gm, ([, name]) => `pipeline ${name} { max_list_length: 2 }`),
];

/** An accepted value for each field that reads the body, sometimes none where none is needed. */
export function messageOf(record: RecordModel, depth = 0): fc.Arbitrary<string> {
  const fields = record.fields.flatMap((field) => {
    if (field.origin.kind !== 'json') return [];
    const path = field.origin.path;
    const value = jsonOf(field.type.type, depth);
    const some = field.type.nullable
      ? fc.oneof({ weight: 4, arbitrary: value }, fc.constantFrom('null', undefined))
      : value;
    return [{ key: path.join('.'), some }];
  });
  return fc
    .tuple(fc.tuple(...fields.map((field) => field.some)), fc.constantFrom('', '', '', '"unknown": 1'))
    .map(([values, extra]) => {
      const pairs = values.flatMap((value, at) =>
        value === undefined ? [] : [`${JSON.stringify(fields[at]?.key)}: ${value}`],
      );
      return `{${[...pairs, ...(extra === '' ? [] : [extra])].join(', ')}}`;
    });
}

/** JSON texts: the examples of each type, and the edges of what its parameters allow. */
function jsonOf(type: Type, depth: number): fc.Arbitrary<string> {
  switch (type.kind) {
    case 'scalar': {
      const decode = type.column.decoder(type.parameters);
      const edges = ['"x"', '-1', '0', '2147483648', '123456.75', `"${'w'.repeat(type.parameters[0] ?? 9)}"`];
      const texts = [...type.column.examples.accepted.map((each) => each.json), ...edges].filter((json) => {
        const value = decode(JSON.parse(json));
        return !(typeof value === 'object' && value !== null && 'kind' in value);
      });
      return fc.constantFrom(...(texts.length === 0 ? ['null'] : texts));
    }
    case 'enum':
      return fc.constantFrom(...type.of.members.map((member) => JSON.stringify(member.value)));
    case 'record':
      return depth > 3 ? fc.constant('null') : messageOf(type.of as RecordModel, depth + 1);
    case 'list':
      return depth > 3
        ? fc.constant('[]')
        : fc.array(jsonOf(type.element, depth + 1), { maxLength: 3 }).map((all) => `[${all.join(', ')}]`);
    case 'null':
    case 'unknown':
      return fc.constant('null');
  }
}
