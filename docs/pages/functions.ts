import type { FunctionDefinition, FunctionGroup, Outcome, Parameter } from '../../src/functions/function.ts';
import { functions } from '../../src/functions/registry.ts';
import { builtinFunctions, builtinMeta } from '../../src/editor/builtin.ts';
import type { NamedSymbol } from '../../src/editor/symbol.ts';
import { specialForms } from '../../src/model/special-forms.ts';
import { code, table } from './markdown.ts';

const titles: Readonly<Record<FunctionGroup, string>> = {
  text: 'Text',
  numbers: 'Numbers',
  conversions: 'Conversions',
  dates: 'Dates and times',
  lists: 'Lists',
  identity: 'Identity',
  json: 'JSON',
  patterns: 'Patterns',
  hl7: 'HL7 v2',
};

/** `docs/reference/functions.md`: every function by group, with examples that the tests run. */
export function functionsPage(): string {
  const all = [...functions.values()];
  const groups = (Object.keys(titles) as FunctionGroup[]).flatMap((group) => {
    const members = all.filter((each) => each.group === group);
    return members.length === 0 ? [] : [{ title: titles[group], members }];
  });
  return [
    '# Functions',
    'A call with a null argument gives null, unless the function accepts nulls. A call that fails rejects the message;',
    '`try(call, fallback)` catches the failure. Arguments that must be literals are checked with the program.',
    '',
    ...groups.map(
      ({ title, members }) =>
        `- ${title}: ${members.map(({ name }) => `[${code(name)}](#${name})`).join(', ')}`,
    ),
    '- [Forms](#forms) that drop a row or reject a message: ' +
      specialForms.map((name) => code(name)).join(', '),
    '- [`meta`](#meta): the message itself',
    ...groups.flatMap(({ title, members }) => [`\n## ${title}`, ...members.map(section)]),
    '\n## Forms\n',
    symbolTable(specialForms.map((name) => builtinFunctions.get(name))),
    '\n## meta\n',
    symbolTable([...builtinMeta.values()]),
  ].join('\n');
}

/** `truncate(text: text, length: int) -> text(n)`. */
export function signatureOf({ name, parameters, returns }: FunctionDefinition): string {
  return `${name}(${parameters.map(parameterText).join(', ')}) -> ${returns}`;
}

function parameterText({ name, takes, optional, repeated }: Parameter): string {
  const mark = optional === true ? '?' : '';
  return `${repeated === true ? '...' : ''}${name}${mark}: ${takes.name}`;
}

function section(definition: FunctionDefinition): string {
  const notes = [
    definition.fails === undefined ? [] : [`Rejects the message if ${definition.fails}.`],
    definition.nulls === undefined ? [] : ['Accepts nulls.'],
    definition.repeatable === undefined
      ? []
      : ['Can give another value when the same message arrives again, so it cannot be part of a key.'],
  ].flat();
  return [
    `\n### ${definition.name}\n`,
    `\`\`\`\n${signatureOf(definition)}\n\`\`\`\n`,
    definition.doc,
    notes.length === 0 ? '' : `\n${notes.join(' ')}`,
    '',
    table(
      ['call', 'with', 'gives'],
      definition.examples.map(({ call, message, gives }) => [
        code(call),
        message === undefined ? '' : code(message),
        outcome(gives),
      ]),
    ),
  ].join('\n');
}

function outcome(gives: Outcome): string {
  return typeof gives === 'object' && gives !== null && 'rejected' in gives
    ? `rejected: ${gives.rejected}`
    : code(JSON.stringify(gives));
}

function symbolTable(symbols: readonly (NamedSymbol | undefined)[]): string {
  const rows = symbols.flatMap((each) =>
    each === undefined ? [] : [[code(each.signature()), each.doc ?? '']],
  );
  return table(['written', 'meaning'], rows);
}
