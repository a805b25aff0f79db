import fc from 'fast-check';

/**
 * Bodies as senders write them, most of whose keys no field reads, and the same with faults. They are written in few forms, so
 * that the patterns of earlier bodies match them up to the fault.
 */

/** How a value is written, before its leaves have values. */
export type Form =
  | { readonly kind: 'leaf'; readonly usual: readonly string[] }
  | { readonly kind: 'list'; readonly elements: readonly Form[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, value: Form])[] };

export const leaf = (...usual: string[]): Form => ({ kind: 'leaf', usual });
export const list = (...elements: Form[]): Form => ({ kind: 'list', elements });
export const object = (members: Readonly<Record<string, Form>>): Form => ({
  kind: 'object',
  members: Object.entries(members),
});

/** A text of JSON, as a tree that faults can be put into: keys and single values are written already. */
type Written = string | { kind: 'list'; elements: Written[] } | { kind: 'object'; members: Member[] };
type Member = [key: string, value: Written];

/** Gives a whole number under `below`, always the same ones for a seed. */
type Draw = (below: number) => number;

function drawing(seed: number): Draw {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function pick<T>(draw: Draw, all: readonly T[]): T {
  return all[draw(all.length)] as T;
}

const UNUSUAL = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '-1',
    '1e2',
    '1E400',
    '4e-400',
    '1.0',
    '1.50',
    '0.0000001',
    '0.000001',
  ],
  ...[
    '12345678901234567',
    '12345678901234567890',
    '123456789012345678901234',
    '1000000000000000000000',
    '01',
    '-',
  ],
  ...[
    '1.00000000000000000001',
    '0.1234567890123456789',
    '-0.0',
    '1e21',
    '.5',
    '5.',
    '+1',
    'NaN',
    'nul',
    'tru',
  ],
  ...[`0.${'0'.repeat(40)}1`, `1${'0'.repeat(40)}`, `0.${'1'.repeat(16_400)}`, '1e200000'],
  ...[
    '""',
    '"a\\nb"',
    '"a\\/b"',
    '"\\""',
    '"\\\\"',
    '"\\u0000"',
    '"\\ud83d"',
    '"\\ud83d\\ude80"',
    '"\\u00e9"',
  ],
  ...[
    '"\\u001f"',
    '"\\u001F"',
    '"\\x"',
    '"\\u12"',
    '"a\nb"',
    '"a\tb"',
    '"\u007f"',
    '"é"',
    '"😀"',
    '"\u2028"',
    '"\ud83d"',
  ],
  ...[
    '"{"',
    '"]"',
    '"}{,\\":"',
    '"a long text that no column of a few characters holds"',
    '[]',
    '{}',
    '[1]',
    '[[]]',
    '[null]',
  ],
  ...[
    '{"a":1,"a":2}',
    '{"a":{"b":1,"b":1}}',
    '{"a":1,"\\u0061":2}',
    '{"__proto__":1}',
    '{"__pr\\u006fto__":1}',
    '',
  ],
  ...[
    '{"b":1,"1":2}',
    '{"1":2,"b":1}',
    '[1,2,3,4,5,6,7]',
    '[{},{},{},{},{},{}]',
    '{"a":[1,"b",{"c":null}]}',
    '[1 ,2]',
    '{ }',
  ],
] as const;

function written(form: Form, draw: Draw): Written {
  switch (form.kind) {
    case 'leaf':
      return pick(draw, form.usual);
    case 'list':
      return { kind: 'list', elements: form.elements.map((each) => written(each, draw)) };
    case 'object':
      return {
        kind: 'object',
        members: form.members.map(([key, value]): Member => [JSON.stringify(key), written(value, draw)]),
      };
  }
}

/** The objects and lists of a text, from the outside in. */
function containers(of: Written): Exclude<Written, string>[] {
  if (typeof of === 'string') return [];
  const inside = of.kind === 'list' ? of.elements : of.members.map(([, value]) => value);
  return [of, ...inside.flatMap(containers)];
}

/** Puts a value in the place of another, anywhere. */
function replaceAny(root: Written, draw: Draw, value: Written): void {
  const filled = containers(root).filter(
    (each) => (each.kind === 'list' ? each.elements : each.members).length > 0,
  );
  if (filled.length === 0) return;
  const within = pick(draw, filled);
  if (within.kind === 'list') within.elements[draw(within.elements.length)] = value;
  else pick(draw, within.members)[1] = value;
}

function anyObject(root: Written, draw: Draw): Member[] {
  const objects = containers(root).flatMap((each) => (each.kind === 'object' ? [each.members] : []));
  return objects.length === 0 ? [] : pick(draw, objects);
}

function insert<T>(into: T[], draw: Draw, value: T): void {
  into.splice(draw(into.length + 1), 0, value);
}

type Fault = (root: Written, draw: Draw) => void;

const FAULTS: readonly Fault[] = [
  (root, draw) => replaceAny(root, draw, pick(draw, UNUSUAL)),
  (root, draw) => replaceAny(root, draw, pick(draw, UNUSUAL)),
  // A key that comes twice, perhaps spelt in another way.
  (root, draw) => {
    const members = anyObject(root, draw);
    if (members.length === 0) return;
    const [key, value] = pick(draw, members);
    const first = key.charCodeAt(1).toString(16).padStart(4, '0');
    insert(members, draw, [draw(3) === 0 ? `"\\u${first}${key.slice(2)}` : key, draw(2) === 0 ? value : '1']);
  },
  (root, draw) =>
    insert(anyObject(root, draw), draw, [pick(draw, ['"__proto__"', '"__pr\\u006fto__"']), '1']),
  (root, draw) =>
    insert(anyObject(root, draw), draw, [
      pick(draw, ['"more"', '"7"', '"a\\u0062"', '"é"', '""']),
      '{"x":1}',
    ]),
  (root, draw) => {
    const members = anyObject(root, draw);
    if (members.length > 0) members.splice(draw(members.length), 1);
  },
  (root, draw) => {
    const members = anyObject(root, draw);
    members.splice(0, members.length, ...members.toReversed());
  },
  // Around the greatest depth, from wherever this is.
  (root, draw) => {
    const deep = 1 + draw(12);
    const isList = draw(2) === 0;
    replaceAny(
      root,
      draw,
      isList ? '['.repeat(deep) + ']'.repeat(deep) : `${'{"d":'.repeat(deep)}1${'}'.repeat(deep)}`,
    );
  },
  // Around the greatest length of a list.
  (root, draw) => {
    const lists = containers(root).flatMap((each) => (each.kind === 'list' ? [each.elements] : []));
    if (lists.length === 0) return;
    const elements = pick(draw, lists);
    const [first] = elements;
    for (let more = 2 + draw(8); more > 0 && first !== undefined; more -= 1) elements.push(first);
  },
  (root, draw) => {
    const lists = containers(root).flatMap((each) => (each.kind === 'list' ? [each.elements] : []));
    if (lists.length > 0) pick(draw, lists).length = 0;
  },
];

interface Style {
  readonly colon: string;
  readonly comma: string;
  readonly inside: string;
}

const STYLES: readonly Style[] = [
  ...Array.from({ length: 6 }, () => ({ colon: ':', comma: ',', inside: '' })),
  ...Array.from({ length: 2 }, () => ({ colon: ': ', comma: ', ', inside: '' })),
  { colon: ' : ', comma: ' ,', inside: ' ' },
  { colon: ':\t', comma: ',\n  ', inside: '\r\n' },
];

function textOf(of: Written, style: Style): string {
  if (typeof of === 'string') return of;
  const { colon, comma, inside } = style;
  if (of.kind === 'list')
    return `[${inside}${of.elements.map((each) => textOf(each, style)).join(comma)}${inside}]`;
  const members = of.members.map(([key, value]) => key + colon + textOf(value, style));
  return `{${inside}${members.join(comma)}${inside}}`;
}

const AROUND = ['', '', '', ' ', '\n', '0', '{}', ',', '\0', '\ufeff'] as const;
const CHARACTERS = Array.from('{}[]",:0123456789eE+-. \\\nau/\u0000\u001f\u007fé');

/** Puts another character, or none, in the place of one, or before it. */
function slip(text: string, draw: Draw): string {
  const at = draw(text.length + 1);
  return text.slice(0, at) + (draw(6) === 0 ? '' : pick(draw, CHARACTERS)) + text.slice(at + draw(2));
}

/** The bytes of a body in one of these forms; half of them without a fault. */
export function bodies(forms: readonly Form[]): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fc.nat(forms.length - 1), fc.integer()).map(([at, seed]) => {
    const draw = drawing(seed);
    const root = written(forms[at] as Form, draw);
    const style = pick(draw, STYLES);
    if (draw(2) === 0) return Buffer.from(textOf(root, style));
    const kind = draw(10);
    for (let count = kind < 7 ? 1 + draw(2) : 0; count > 0; count -= 1) pick(draw, FAULTS)(root, draw);
    const text = textOf(root, style);
    if (kind === 7) return Buffer.from(pick(draw, AROUND) + text + pick(draw, AROUND));
    if (kind === 8) return Buffer.from(slip(text, draw));
    const bytes = Buffer.from(text);
    // What is no UTF-8, for the most part.
    if (kind === 9) bytes[draw(bytes.length)] = 128 + draw(128);
    return bytes;
  });
}
