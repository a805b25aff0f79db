import type { RecordTree } from '../program.ts';
import { foreignAttribute } from './foreign-attributes.ts';
import { finding, type Diagnostic, type Report } from '../../diagnostics/diagnostic.ts';
import { closest } from '../../diagnostics/suggest.ts';
import type { LiteralTree } from '../../syntax/expression-tree.ts';
import type { AttributeTree, FieldTree } from '../../syntax/tree.ts';
import { spanText } from '../../text/source.ts';
import { assign } from '../infer/assign.ts';
import { BAD_ATTRIBUTE, BODY_AND_JSON, JSON_PATH } from '../codes/codes.ts';
import { literal } from '../resolve/literals.ts';
import type { FieldModel, FieldOrigin } from '../program.ts';
import type { Scope } from '../infer/scope.ts';
import { exampleOf } from '../infer/example-of.ts';
import { TRUTH } from '../infer/truth.ts';
import { describe, describeType, scalarName, type Typed } from '../type.ts';

const fieldAttributes = ['json', 'default', 'body', 'header', 'pii'] as const;

/** Whether the attributes name `@pii`. */
export function isPii(attributes: readonly AttributeTree[]): boolean {
  return attributes.some((attribute) => attribute.name.text === 'pii');
}

/** Whether an entity says `@strict`; reports every other attribute. */
export function isStrict(attributes: readonly AttributeTree[], report: Report): boolean {
  for (const attribute of attributes)
    if (attribute.name.text !== 'strict')
      report(
        finding(BAD_ATTRIBUTE, attribute.span, `an entity has no attribute \`@${attribute.name.text}\``, {
          label: 'unknown attribute',
          help: 'the attribute of an entity is `@strict`',
        }),
      );
  return attributes.some((attribute) => attribute.name.text === 'strict');
}

/** Reports unknown, repeated and contradicting attributes of a field. */
export function checkAttributes(tree: FieldTree, record: RecordTree, report: Report): void {
  if (tree.attributes.length === 0) return;
  const seen = new Map<string, AttributeTree>();
  for (const attribute of tree.attributes) {
    const name = attribute.name.text;
    if (!fieldAttributes.some((known) => known === name)) {
      report(unknownAttribute(attribute, tree, record));
      continue;
    }
    if (seen.has(name))
      report(
        finding(BAD_ATTRIBUTE, attribute.span, `the field has \`@${name}\` twice`, {
          help: 'remove one of the two',
        }),
      );
    seen.set(name, attribute);
    if (name !== 'pii' && tree.value !== undefined)
      report(
        finding(
          BAD_ATTRIBUTE,
          attribute.span,
          `\`@${name}\` reads a field from the message, but this field is computed`,
          {
            related: [{ span: tree.value.span, text: 'computed here' }],
            help: `remove \`@${name}\` or the expression`,
          },
        ),
      );
  }
  const unread = ['body', 'header'].find((name) => seen.has(name));
  const fallback = seen.get('default');
  if (fallback !== undefined && unread !== undefined)
    report(
      finding(
        BAD_ATTRIBUTE,
        fallback.span,
        `\`@default\` is for a key that a message leaves out, but this field has \`@${unread}\``,
        {
          help: 'leave `@default` out; where the value may be absent, make the field optional with `?`, and choose a value with `??`',
        },
      ),
    );
  const sources = ['json', 'body', 'header'].flatMap((name) => seen.get(name) ?? []);
  const second = sources[1];
  if (second !== undefined)
    report(
      finding(BAD_ATTRIBUTE, second.span, 'a field can be read from only one place', {
        related: [{ span: sources[0]?.span ?? second.span }],
        help: 'declare two fields, and choose with `??` in a derived entity',
      }),
    );
}

function unknownAttribute(attribute: AttributeTree, tree: FieldTree, record: RecordTree): Diagnostic {
  const name = attribute.name.text;
  const foreign =
    name === 'strict'
      ? 'write it after the name of an entity: `entity Order @strict { … }`'
      : foreignAttribute(attribute, tree, record);
  const near = foreign === undefined ? closest(name, fieldAttributes) : undefined;
  // Of a misspelt attribute the name alone is wrong, whatever stands in its brackets.
  const span = near === undefined ? attribute.span : { ...attribute.span, end: attribute.name.span.end };
  return finding(BAD_ATTRIBUTE, span, `a field has no attribute \`@${name}\``, {
    label: 'unknown attribute',
    help:
      foreign ??
      (near === undefined
        ? `the attributes are ${fieldAttributes.map((each) => `\`@${each}\``).join(', ')}`
        : `write \`@${near}\``),
  });
}

/** Reports fields that are read from JSON in an entity whose body is taken as text. */
export function checkBody(fields: readonly FieldModel[], report: Report): void {
  const body = fields.find((field) => field.origin.kind === 'body');
  const json = fields.find((field) => field.origin.kind === 'json');
  if (body === undefined || json === undefined) return;
  report(
    finding(
      BODY_AND_JSON,
      json.span,
      `\`${json.name}\` is read from JSON, but \`${body.name}\` takes the body as text`,
      {
        related: [{ span: body.span, text: 'then the body is not parsed' }],
        help: 'read it from a header with `@header("x-name")`, or compute it',
      },
    ),
  );
}

/** Where a field without a value is read from. */
export function readOrigin(tree: FieldTree, typed: Typed, scope: Scope): FieldOrigin {
  const { text } = tree.name;
  if (tree.attributes.length === 0 && text !== FORBIDDEN_KEY) return { kind: 'json', path: [text] };
  const { report } = scope;
  const find = (name: string): AttributeTree | undefined =>
    tree.attributes.find((attribute) => attribute.name.text === name);
  const body = find('body');
  const header = find('header');
  if (body !== undefined || header !== undefined) {
    if (scalarName(typed.type) !== 'text' && typed.type.kind !== 'unknown')
      report(
        finding(
          BAD_ATTRIBUTE,
          (body ?? header ?? tree).span,
          `this attribute gives a text, but the field is ${describe(typed)}`,
          { help: 'declare the field as text, and convert it in a derived entity' },
        ),
      );
    if (body !== undefined) return { kind: 'body' };
    const name = header === undefined ? undefined : headerName(header, report);
    return name === undefined ? { kind: 'missing' } : { kind: 'header', header: name };
  }
  const json = find('json');
  const path = json === undefined ? tree.name.text : oneText(json, report);
  if (path === undefined) return { kind: 'missing' };
  const keys = json === undefined ? [path] : path.split('.');
  if (keys.includes('')) {
    report(
      path === ''
        ? finding(JSON_PATH, json?.span ?? tree.span, '`@json("")` names no key', {
            label: 'an empty path',
            help: `write \`@json("${text}")\`, or leave it out: a field is read from the key of its name`,
          })
        : finding(JSON_PATH, json?.span ?? tree.span, 'a key of this JSON path is empty', {
            label: 'has an empty key',
            help: 'write keys separated by single dots, for example `@json("customer.address.zip")`',
          }),
    );
    return { kind: 'missing' };
  }
  if (keys.includes(FORBIDDEN_KEY)) {
    report(
      finding(
        JSON_PATH,
        json?.span ?? tree.name.span,
        `no message has the key \`${FORBIDDEN_KEY}\`: a message with it is rejected`,
        {
          label: 'never in a message',
          help: json === undefined ? 'rename the field, or compute it' : 'read another key',
        },
      ),
    );
    return { kind: 'missing' };
  }
  if (json !== undefined) warnOfPath(json, path, tree, report);
  const fallback = find('default');
  if (fallback === undefined) return { kind: 'json', path: keys };
  const value = defaultValue(fallback, tree, typed, scope);
  return { kind: 'json', path: keys, ...(value === undefined ? {} : { default: value }) };
}

/**
 * A path as JSON Pointer, JSONPath or a list's element have it is a key here, which a message hardly has: then the field
 * would be absent in every message, and nothing would say so.
 */
function warnOfPath(json: AttributeTree, path: string, tree: FieldTree, report: Report): void {
  const isPointer = path.startsWith('/');
  const isJsonPath = /^\$(?:\.|$)/.test(path);
  const element = /\[(?:\d+|\*)\]/.exec(path);
  if (!isPointer && !isJsonPath && element === null) return;
  const plain = (isPointer ? path.slice(1).replaceAll('/', '.') : path.replace(/^\$\.?/, '')).replace(
    /\[(?:\d+|\*)\].*$/,
    '',
  );
  report({
    ...finding(
      JSON_PATH,
      json.arguments[0]?.span ?? json.span,
      element === null
        ? `this reads one key with the name \`${path.split('.')[0] ?? path}\`: a path is keys with dots between`
        : `this reads a key with the name \`${path.split('.').find((key) => key.includes('[')) ?? path}\`, not an element of a list`,
      {
        label: isPointer ? 'as in JSON Pointer' : 'as in JSONPath',
        help:
          element === null
            ? `write \`"${plain}"\``
            : path.endsWith('[0]')
              ? `read the list into a field of its own, \`list: ${spanText(tree.type?.span ?? tree.name.span).replace('?', '')}[]${plain === 'list' ? '' : ` @json("${plain}")`}\`, and write \`${tree.name.text} = first(list)\``
              : 'read the list into a field of its own, and derive a row from each element',
      },
    ),
    severity: 'warning',
  });
}

/** In an object of JavaScript this key means the prototype, so that readers of JSON refuse or drop it. */
const FORBIDDEN_KEY = '__proto__';

/** What RFC 9110 calls a token; no request has another header. */
const HEADER = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** A request has 16 kB for all its headers; some proxies take no longer name. */
const LONGEST_HEADER = 255;

/** In lower case, as requests have it. */
function headerName(attribute: AttributeTree, report: Report): string | undefined {
  const name = oneText(attribute, report)?.toLowerCase();
  if (name === undefined || (HEADER.test(name) && name.length <= LONGEST_HEADER && name !== FORBIDDEN_KEY))
    return name;
  report(
    finding(
      BAD_ATTRIBUTE,
      attribute.span,
      name === '' ? '`@header("")` names no header' : 'this is not a valid header name',
      {
        label: name === '' ? 'an empty name' : 'not a valid name',
        help: `use letters, digits and \`-\`, at most ${LONGEST_HEADER} of them, for example \`@header("x-name")\``,
      },
    ),
  );
  return undefined;
}

function defaultValue(
  attribute: AttributeTree,
  tree: FieldTree,
  typed: Typed,
  scope: Scope,
): ReturnType<typeof literal>['value'] | undefined {
  const [argument, ...more] = attribute.arguments;
  if (argument === undefined || more.length > 0 || !isPlain(argument)) {
    scope.report(noLiteral(attribute, typed));
    return undefined;
  }
  const span = tree.type?.span ?? tree.name.span;
  const name = tree.name.text;
  const wanted = { typed, span, what: `the field ${name}`, value: `the default of \`${name}\`` };
  const value = assign(literal(argument), wanted, scope);
  return value.kind === 'literal' ? value.value : undefined;
}

/** A default that is no literal: a word that means a truth value elsewhere, an enum's member, nothing, or too much. */
function noLiteral({ arguments: given, span }: AttributeTree, { type }: Typed): Diagnostic {
  const [argument, ...more] = given;
  const word = argument?.kind === 'word' && more.length === 0 ? argument.value : undefined;
  const truth = word === undefined ? undefined : TRUTH.get(word.toLowerCase());
  const isNothing = word?.toLowerCase() === 'null';
  const value = truth ?? (isNothing ? 'null' : exampleOf(type));
  if (word !== undefined && argument !== undefined)
    return finding(BAD_ATTRIBUTE, argument.span, `there is no \`${word}\` here: a default is a literal`, {
      label: 'not a literal',
      help: `write \`${value}\``,
    });
  return finding(BAD_ATTRIBUTE, span, '`@default` takes one value, written out', {
    label: given.length === 0 ? 'no value' : 'not one value',
    help: `write \`@default(${value})\`, or another ${describeType(type)}`,
  });
}

function isPlain(
  literalTree: LiteralTree,
): literalTree is Extract<LiteralTree, { kind: 'number' | 'string' | 'boolean' | 'null' }> {
  return ['number', 'string', 'boolean', 'null'].includes(literalTree.kind);
}

function oneText(attribute: AttributeTree, report: Report): string | undefined {
  const [argument, ...more] = attribute.arguments;
  if (argument?.kind === 'string' && more.length === 0) return argument.value;
  report(
    finding(BAD_ATTRIBUTE, attribute.span, `\`@${attribute.name.text}\` takes one text`, {
      help: `for example \`@${attribute.name.text}("name")\``,
    }),
  );
  return undefined;
}
