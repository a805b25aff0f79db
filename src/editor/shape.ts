/** The form that a value of a message has. What a shape does not name is not looked at. */
export type Shape =
  | { readonly kind: 'text' | 'whole' | 'flag' | 'id' | 'anything' }
  | { readonly kind: 'list'; readonly of: Shape }
  /** `needs` names fields that mean something only beside another one. */
  | {
      readonly kind: 'object';
      readonly fields: Readonly<Record<string, Shape>>;
      readonly needs?: Readonly<Record<string, string>>;
    }
  /** May be left out. */
  | { readonly kind: 'optional'; readonly of: Shape }
  /** May be left out or null. */
  | { readonly kind: 'nullable'; readonly of: Shape };

export const text: Shape = { kind: 'text' };
export const whole: Shape = { kind: 'whole' };
export const flag: Shape = { kind: 'flag' };
export const id: Shape = { kind: 'id' };
export const anything: Shape = { kind: 'anything' };
export const list = (of: Shape): Shape => ({ kind: 'list', of });
export const object = (fields: Readonly<Record<string, Shape>>): Shape => ({ kind: 'object', fields });
export const optional = (of: Shape): Shape => ({ kind: 'optional', of });
export const nullable = (of: Shape): Shape => ({ kind: 'nullable', of });

/** What is wrong with a value, with its place: `position.line: expected …, found …`; nothing where it has the shape. */
export function mismatch(value: unknown, shape: Shape, place: string): string | undefined {
  const wrong = (expected: string): string => `${place}: expected ${expected}, found ${describe(value)}`;
  switch (shape.kind) {
    case 'anything':
      return undefined;
    case 'text':
      return typeof value === 'string' ? undefined : wrong('a text');
    case 'flag':
      return typeof value === 'boolean' ? undefined : wrong('true or false');
    case 'whole':
      return Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : wrong('a whole number from 0');
    case 'id':
      return typeof value === 'string' || Number.isSafeInteger(value)
        ? undefined
        : wrong('a text or a whole number');
    case 'optional':
      return value === undefined ? undefined : mismatch(value, shape.of, place);
    case 'nullable':
      return value === undefined || value === null ? undefined : mismatch(value, shape.of, place);
    case 'list':
      if (!Array.isArray(value)) return wrong('a list');
      return firstOf(value.map((each, at) => [each, shape.of, `${place}[${at}]`]));
    case 'object':
      if (!isObject(value)) return wrong('an object');
      for (const [name, other] of Object.entries(shape.needs ?? {}))
        if (value[name] !== undefined && value[other] === undefined)
          return `${place}: expected \`${other}\` beside \`${name}\`, found nothing`;
      return firstOf(
        Object.entries(shape.fields).map(([name, of]) => [
          Object.hasOwn(value, name) ? value[name] : undefined,
          of,
          place === PARAMETERS ? name : `${place}.${name}`,
        ]),
      );
  }
}

/** The place of the parameters as a whole. */
export const PARAMETERS = 'params';

function firstOf(parts: readonly (readonly [unknown, Shape, string])[]): string | undefined {
  for (const [value, shape, place] of parts) {
    const found = mismatch(value, shape, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The kind of a value; of a text not what stands in it. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  return isObject(value) ? 'an object' : JSON.stringify(value);
}
