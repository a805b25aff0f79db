import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import { TOO_DEEP } from '../../syntax/codes/expressions.ts';
import type { FunctionTree } from '../../syntax/tree.ts';
import { assign } from '../infer/assign.ts';
import { DUPLICATE_NAME } from '../codes/codes.ts';
import { children, type Expression, unknown } from '../expression.ts';
import { infer } from '../infer/infer.ts';
import type { FunctionModel } from '../program.ts';
import { calledIn } from './names-in.ts';
import { dependenciesFirst } from '../dependencies-first.ts';
import { once } from './once.ts';
import { resolveType, type TypeNames } from '../resolve/resolve-type.ts';
import type { NamedValues, Scope, UserFunctions } from '../infer/scope.ts';
import type { Typed } from '../type.ts';

/** The functions that a program declares, each resolved once, when it is first called or at the end. */
export function userFunctions(
  trees: ReadonlyMap<string, FunctionTree>,
  names: TypeNames,
  values: Omit<NamedValues, 'functions'>,
  report: Report,
): UserFunctions {
  const done = new Map<string, FunctionModel | 'open'>();
  const levels = new Map<string, number>();
  const work = new Map<string, number>();
  let reported = false;
  const calls = new Map([...trees].map(([name, tree]) => [name, once(() => calledIn(tree.body))]));
  const resolve = (name: string, tree: FunctionTree): FunctionModel => {
    done.set(name, 'open');
    const level =
      1 + (calls.get(name)?.() ?? []).reduce((most, each) => Math.max(most, levels.get(each) ?? 0), 0);
    // A longer chain is one mistake, however long it is.
    if (level > MAX_LEVELS && !reported)
      report(
        finding(
          TOO_DEEP,
          tree.name.span,
          `\`${name}\` calls functions ${level} levels deep; ${MAX_LEVELS} is the most`,
          {
            help: 'join some of the functions that call each other',
          },
        ),
      );
    reported ||= level > MAX_LEVELS;
    levels.set(name, level > MAX_LEVELS ? 0 : level);
    const model = resolveFunction(tree, names, { ...values, functions }, report);
    const runs = runsOf(model.body, (called) => work.get(called) ?? 1);
    work.set(name, runs > MAX_RUNS ? 1 : runs);
    // What calls it is no better, but that is one mistake.
    if (runs > MAX_RUNS && !reported)
      report(
        finding(TOO_DEEP, tree.name.span, `one call of \`${name}\` runs more than ${MAX_RUNS} functions`, {
          help: 'let each function call another one once, and compute what is used twice in a field of its own',
        }),
      );
    reported ||= runs > MAX_RUNS;
    const cut = level > MAX_LEVELS || runs > MAX_RUNS;
    const made = cut ? { ...model, body: unknown(tree.body.span) } : model;
    done.set(name, made);
    return made;
  };
  const functions: UserFunctions = {
    names: [...trees.keys()],
    find: (name) => {
      const tree = trees.get(name);
      if (tree === undefined) return undefined;
      const known = done.get(name);
      if (known !== undefined) return known;
      // What it calls comes first, so that a long chain of functions does not recurse.
      for (const each of dependenciesFirst(name, (other) =>
        done.has(other) ? undefined : calls.get(other)?.(),
      )) {
        const needed = trees.get(each);
        if (needed !== undefined && !done.has(each)) resolve(each, needed);
      }
      return done.get(name);
    },
  };
  return functions;
}

/** An expression that calls functions through more levels could exhaust the stack of a process. */
const MAX_LEVELS = 1000;
/** Functions that call others twice double the work with each level: a few dozen of them would never end. */
const MAX_RUNS = 10_000;

/** How many functions run where an expression is evaluated. */
function runsOf(body: Expression, runsOfCalled: (name: string) => number): number {
  let runs = 1;
  const open = [body];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'invoke') runs += runsOfCalled(node.called.name);
    open.push(...children(node));
  }
  return runs;
}

function resolveFunction(
  tree: FunctionTree,
  names: TypeNames,
  values: NamedValues,
  outer: Report,
): FunctionModel {
  const report: Report = tree.broken ? () => {} : outer;
  const parameters: { name: string; row: Typed }[] = [];
  for (const parameter of tree.parameters) {
    const name = parameter.name.text;
    if (parameters.some((other) => other.name === name))
      report(finding(DUPLICATE_NAME, parameter.name.span, `two parameters are called \`${name}\``));
    parameters.push({ name, row: resolveType(parameter.type, names, report) });
  }
  const result = resolveType(tree.result, names, report);
  const scope: Scope = { report, aliases: parameters, ...values, nonNull: new Set() };
  const body = infer(tree.body, scope);
  const wanted = { typed: result, span: tree.result.span, what: `the result of ${tree.name.text}` };
  return {
    name: tree.name.text,
    tree,
    parameters,
    result,
    body: tree.broken ? unknown(tree.body.span) : assign(body, wanted, scope),
  };
}
