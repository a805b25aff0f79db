import type { FieldTree } from '../../syntax/tree.ts';
import type { RecordTree } from '../program.ts';
import { once } from './once.ts';
import { dependenciesFirst } from '../dependencies-first.ts';

/** The fields of shapes, those that they spread included, each worked out once. */
export interface ShapeFields {
  readonly of: (shape: string) => readonly FieldTree[];
  /**
   * The circle of shapes that spread each other, from one that spreads another on. Nothing for those that are in none, and but for
   * the first spread of a circle: it is one mistake, which every shape in it and whoever spreads them has.
   */
  readonly circleFrom: (shape: string, spread: string) => readonly string[] | undefined;
}

/** `cut` has the shapes whose spreads are left out. */
export function shapeFields(records: ReadonlyMap<string, RecordTree>, cut: ReadonlySet<string>): ShapeFields {
  const made = new Map<string, readonly FieldTree[]>();
  const spreadsOf = (name: string): readonly string[] | undefined => {
    const tree = records.get(name);
    if (tree?.kind !== 'shape') return undefined;
    if (cut.has(name)) return [];
    return tree.members.flatMap((member) => (member.kind === 'spread' ? [member.name.text] : []));
  };
  const fieldsOf = (name: string): readonly FieldTree[] => {
    const fields = new Map<string, FieldTree>();
    for (const member of records.get(name)?.members ?? []) {
      // A field of its own takes the place of one that is spread.
      if (member.kind === 'field') fields.set(member.name.text, member);
      if (member.kind !== 'spread' || cut.has(name)) continue;
      for (const field of made.get(member.name.text) ?? [])
        if (!fields.has(field.name.text)) fields.set(field.name.text, field);
    }
    return [...fields.values()];
  };
  const circles = once(() => {
    const found = new Map<string, readonly string[]>();
    const seen = new Set<string>();
    const onCircle = (circle: readonly string[]): void => {
      // It is told at the shape that stands first in the file.
      const inCircle = new Set(circle);
      const first = [...records.keys()].find((name) => inCircle.has(name)) ?? '';
      const at = circle.indexOf(first);
      const turned = [...circle.slice(at), ...circle.slice(0, at)];
      found.set(`${first} ${turned[1] ?? first}`, turned);
    };
    for (const name of records.keys()) {
      const needs = (each: string) => (seen.has(each) ? undefined : spreadsOf(each));
      for (const each of dependenciesFirst(name, needs, onCircle)) seen.add(each);
    }
    return found;
  });
  return {
    of: (shape) => {
      for (const name of dependenciesFirst(shape, (each) => (made.has(each) ? undefined : spreadsOf(each))))
        if (!made.has(name)) made.set(name, fieldsOf(name));
      return made.get(shape) ?? [];
    },
    circleFrom: (shape, spread) => circles().get(`${shape} ${spread}`),
  };
}
