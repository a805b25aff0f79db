import { finding, type Report } from '../diagnostics/diagnostic.ts';
import { walk, type Expression } from '../model/expression.ts';
import { expressionsOf } from '../model/query/expressions-of.ts';
import { orderedEntities } from '../model/query/partitions.ts';
import type { Program, RecordModel, SecretModel, StreamModel } from '../model/program.ts';
import type { Type } from '../model/type.ts';
import type { Name } from '../syntax/name.ts';
import type { Check } from './check.ts';

export const unusedDeclarations: Check = {
  sound: true,
  description: {
    code: 'NOM114',
    severity: 'warning',
    title: 'a declaration is not used',
    explanation: `Nothing reads the declaration, so it has no effect. Often another declaration was meant to use it. An entity without a store and
without derivations is worse: its messages are accepted, and no data is kept.

\`\`\`nom
enum Status { Open  Paid }
entity Order { id: int  status: text(4)  store orders { … } }      // wrong: Status is not used
entity Order { id: int  status: Status   store orders { … } }      // right
\`\`\`

The setting \`partitions\` of a stream is for entities with \`ordered by\`; without such an entity it has no effect.

Declarations of imported files are not reported, because other programs can use them.`,
  },
  run: (program, report) => {
    const used = usedNames(program);
    for (const { name, what } of declared(program)) {
      if (name.span.file !== program.source || used.has(name.text)) continue;
      const isEntity = what === 'entity';
      report(
        finding(
          unusedDeclarations.description,
          name.span,
          isEntity
            ? `messages of ${name.text} are accepted, but their data is not kept`
            : `the ${what} ${name.text} is not used`,
          {
            label: isEntity ? 'no store, and no derivation reads it' : 'not used',
            help: isEntity ? 'give it a `store`, or derive from it' : undefined,
          },
        ),
      );
    }
    for (const secret of program.secrets) reportIdleSecret(secret, program, report);
    for (const stream of program.streams) reportIdlePartitions(stream, program, report);
  },
};

/** Secrets have a set of names of their own. */
function reportIdleSecret({ name, tree }: SecretModel, { entities, source }: Program, report: Report): void {
  if (tree.span.file !== source || entities.some(({ signature }) => signature?.secret.name === name)) return;
  report(
    finding(unusedDeclarations.description, tree.name.span, `the secret ${name} is not used`, {
      label: 'not used',
      help: `sign an entity with it, such as \`signed by github(${name})\``,
    }),
  );
}

/** Only entities with `ordered by` have partitions. */
function reportIdlePartitions(stream: StreamModel, program: Program, report: Report): void {
  const setting = stream.tree?.settings.find(({ name }) => name.text === 'partitions');
  if (setting === undefined || setting.span.file !== program.source) return;
  if (stream.subjects.some((subject) => orderedEntities(program, subject).length > 0)) return;
  report(
    finding(
      unusedDeclarations.description,
      setting.span,
      `no entity of ${stream.name} has \`ordered by\`, so \`partitions\` has no effect`,
      { label: 'has no effect', help: 'add `ordered by (…)` to an entity, or leave the setting out' },
    ),
  );
}

interface Declared {
  readonly name: Name;
  readonly what: string;
}

function declared(program: Program): readonly Declared[] {
  const isUnstored = (record: RecordModel): boolean => !program.storeOf.has(record);
  const of = (list: readonly { readonly tree: { readonly name: Name } }[], what: string): Declared[] =>
    list.map(({ tree }) => ({ name: tree.name, what }));
  return [
    ...of(program.enums, 'enum'),
    ...of(program.shapes, 'shape'),
    ...of(program.functions, 'function'),
    ...of(program.lookups, 'lookup'),
    ...of(program.derivations.filter(isUnstored), 'derived entity'),
    ...of(program.entities.filter(isUnstored), 'entity'),
  ];
}

/** Enums, shapes, derived entities, functions and lookups share one set of names. */
function usedNames(program: Program): ReadonlySet<string> {
  const used = new Set<string>();
  const useType = (type: Type): void => {
    if (type.kind === 'list') useType(type.element);
    if (type.kind === 'enum' || type.kind === 'record') used.add(type.of.name);
  };
  const useExpression = (expression: Expression): void =>
    walk(expression, (node) => {
      if (node.kind === 'invoke') used.add(node.called.name);
      if (node.kind === 'lookup') used.add(node.lookup.name);
      if (node.kind === 'literal') useType(node.typed.type);
    });
  for (const record of [...program.shapes, ...program.entities, ...program.derivations]) {
    for (const field of record.fields) useType(field.type.type);
    for (const member of record.tree.members) if (member.kind === 'spread') used.add(member.name.text);
    for (const source of record.sources) if (source.from.kind === 'record') used.add(source.from.record.name);
  }
  for (const called of program.functions)
    for (const typed of [called.result, ...called.parameters.map((parameter) => parameter.row)])
      useType(typed.type);
  for (const lookup of program.lookups) for (const field of lookup.fields) useType(field.type.type);
  for (const expression of expressionsOf(program)) useExpression(expression);
  return used;
}
