import type { FunctionDefinition, Parameter } from '../functions/function.ts';
import { functions } from '../functions/registry.ts';
import { META, SOURCE_HEADER } from '../model/resolve/meta.ts';
import { settingTables, type Setting } from '../model/settings.ts';
import { describe } from '../model/type.ts';
import { shownDialect } from '../sql/registry.ts';
import type { ColumnType } from '../types/column-type.ts';
import { columnTypes } from '../types/registry.ts';
import { attributeDocs } from './attribute-docs.ts';
import type { NamedSymbol, SymbolKind } from './symbol.ts';

/* The names that the language itself brings, from the registries. */

function builtin(
  kind: SymbolKind,
  name: string,
  signature: string,
  doc: string,
): readonly [string, NamedSymbol] {
  return [name, { kind, name, signature: () => signature, doc }];
}

export const builtinTypes: ReadonlyMap<string, NamedSymbol> = new Map(
  [...columnTypes.values()].map((type) => builtin('type', type.name, typeSignature(type), type.doc)),
);

function typeSignature(type: ColumnType): string {
  const { name, parameters, parametersRequired } = type;
  const list = parameters.map((each) => each.name).join(', ');
  const full = list === '' ? '' : parametersRequired ? `(${list})` : `, ${name}(${list})`;
  return `${name}${full} // ${shownDialect.title} ${shownDialect.baseName(type)}`;
}

const metaDocs: Readonly<Record<(typeof META.fields)[number]['name'], string>> = {
  message_id: 'The id that ingest gave the message.',
  received_at: 'When ingest accepted the message.',
  source: `The sender's header \`${SOURCE_HEADER}\`, or null.`,
};

/** What looks like a function but decides what becomes of the row or of the message. */
const specialForms: readonly (readonly [name: string, signature: string, doc: string])[] = [
  ['fail', 'fail(reason: text)', 'Rejects the message: `value ?? fail("why")`.'],
  ['skip', 'skip()', 'Drops this row, in a derivation: `value ?? skip()`.'],
  ['try', 'try(value, fallback)', 'The fallback where the value fails; a null value stays null.'],
];

export const builtinFunctions: ReadonlyMap<string, NamedSymbol> = new Map([
  ...[...functions.values()].map((each) =>
    builtin('function', each.name, signatureOf(each), functionDoc(each)),
  ),
  ...specialForms.map(([name, signature, doc]) => builtin('function', name, signature, doc)),
]);

/** What `meta` names in every expression of a message. */
export const builtinMeta: ReadonlyMap<string, NamedSymbol> = new Map(
  META.fields.map(({ name, type }) =>
    builtin('field', name, `meta.${name}: ${describe(type)}`, metaDocs[name]),
  ),
);

function signatureOf({ name, parameters, returns }: FunctionDefinition): string {
  return `fn ${name}(${parameters.map(parameterText).join(', ')}) -> ${returns}`;
}

export function parameterText({ name, takes, optional, repeated }: Parameter): string {
  return `${repeated === true ? '...' : ''}${name}${optional === true ? '?' : ''}: ${takes.name}`;
}

function functionDoc({ doc, fails, examples }: FunctionDefinition): string {
  const [example] = examples;
  const rejects = fails === undefined ? '' : `\n\nRejects the message when ${fails}.`;
  const shown =
    example === undefined
      ? ''
      : `\n\nAs in \`${example.call}\`, which gives \`${shownOutcome(example.gives)}\`.`;
  return `${doc}${rejects}${shown}`;
}

function shownOutcome(gives: FunctionDefinition['examples'][number]['gives']): string {
  return typeof gives === 'object' && gives !== null && 'rejected' in gives
    ? 'a rejection'
    : JSON.stringify(gives);
}

function settingSymbols(settings: Readonly<Record<string, unknown>>): ReadonlyMap<string, NamedSymbol> {
  return new Map(
    Object.entries(settings).map(([name, each]) => {
      // Each table holds settings of different values; a setting prints its own default.
      const setting = each as Setting<unknown>;
      const standard = setting.print(setting.default);
      return builtin(
        'setting',
        name,
        `${name}: ${standard}`,
        `${setting.doc}\n\nTakes ${setting.takes}; the default is \`${standard}\`.`,
      );
    }),
  );
}

export const builtinSettings = {
  pipeline: settingSymbols(settingTables.pipeline),
  stream: settingSymbols(settingTables.stream),
  role: settingSymbols(settingTables.role),
} as const;

export const builtinAttributes: ReadonlyMap<string, NamedSymbol> = new Map(
  attributeDocs.map(({ name, form, doc }) => builtin('attribute', name, `@${form}`, doc)),
);
