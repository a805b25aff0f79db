import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { FunctionTree } from '../../syntax/tree.ts';
import { assign } from '../infer/assign.ts';
import { DUPLICATE_NAME } from '../codes/codes.ts';
import { unknown } from '../expression.ts';
import { infer } from '../infer/infer.ts';
import type { FunctionModel } from '../program.ts';
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
  const functions: UserFunctions = {
    names: [...trees.keys()],
    find: (name) => {
      const tree = trees.get(name);
      if (tree === undefined) return undefined;
      const known = done.get(name);
      if (known !== undefined) return known;
      done.set(name, 'open');
      const model = resolveFunction(tree, names, { ...values, functions }, report);
      done.set(name, model);
      return model;
    },
  };
  return functions;
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
