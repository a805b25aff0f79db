import { finding } from '../../diagnostics/diagnostic.ts';
import type { MatchArm, MatchExpression } from '../../syntax/expression-tree.ts';
import type { Span } from '../../text/source.ts';
import type { Value } from '../../types/value.ts';
import { convert } from './assign.ts';
import { unknown, type Expression, type MatchArmNode } from '../expression.ts';
import { meet } from './meet.ts';
import { adaptLiteral } from '../resolve/literals.ts';
import { NOT_EXHAUSTIVE, UNREACHABLE_ARM } from '../codes/match-codes.ts';
import { narrowed, pathKey, type Infer, type Scope } from './scope.ts';
import { TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, describeType, isUnknown, type Type, type Typed } from '../type.ts';

/** `match x { "A" -> 1  null -> 2  else -> 3 }`: the first arm whose pattern is the value. */
export function inferMatch(tree: MatchExpression, scope: Scope, infer: Infer): Expression {
  const subject = infer(tree.subject, scope);
  if (isUnknown(subject.typed)) return unknown(tree.span);
  if (subject.typed.type.kind !== 'scalar' && subject.typed.type.kind !== 'enum') {
    scope.report(
      finding(
        TYPE_MISMATCH,
        subject.span,
        `\`match\` needs a single value, but this is ${describe(subject.typed)}`,
      ),
    );
    return unknown(tree.span);
  }
  const patterns = readPatterns(tree.arms, subject.typed, scope, infer);
  if (patterns === undefined) return unknown(tree.span);
  if (!checkCoverage(tree, patterns, subject.typed, scope)) return unknown(tree.span);
  return typeArms(tree, subject, patterns, scope, infer);
}

interface Pattern {
  readonly value: Value;
  readonly span: Span;
}

function readPatterns(
  arms: readonly MatchArm[],
  { type, nullable }: Typed,
  scope: Scope,
  infer: Infer,
): readonly Pattern[] | undefined {
  const patterns = arms.map((arm): Pattern | undefined => {
    const pattern = infer(arm.pattern, scope);
    const { span } = arm.pattern;
    if (isUnknown(pattern.typed)) return undefined;
    if (pattern.kind === 'literal' && pattern.value === null && nullable) return { value: null, span };
    const isSame =
      pattern.typed.type.kind === 'enum' && type.kind === 'enum' && pattern.typed.type.of === type.of;
    const adapted = isSame ? pattern : adaptLiteral(pattern, type);
    if (adapted !== undefined && adapted !== 'unfit' && adapted.kind === 'literal')
      return { value: adapted.value, span };
    const isBool =
      pattern.kind === 'literal' && typeof pattern.value === 'boolean' && describeType(type) === 'bool';
    if (isBool) return { value: pattern.value, span };
    scope.report(
      finding(
        TYPE_MISMATCH,
        span,
        `this pattern never matches: the value is ${describe({ type, nullable })}`,
        {
          help:
            pattern.kind !== 'literal'
              ? 'write a literal, `null`, or the member of an enum; for other values use `if`'
              : type.kind === 'enum'
                ? `${type.of.name} is one of ${type.of.members.map((member) => `"${member.value}"`).join(', ')}`
                : undefined,
        },
      ),
    );
    return undefined;
  });
  const found = patterns.filter((pattern) => pattern !== undefined);
  return found.length === patterns.length ? found : undefined;
}

/** Every value has an arm; no value has two. False where a finding says that one has none. */
function checkCoverage(
  tree: MatchExpression,
  patterns: readonly Pattern[],
  subject: Typed,
  scope: Scope,
): boolean {
  const seen = new Map<Value, Span>();
  for (const { value, span } of patterns) {
    const first = seen.get(value);
    if (first === undefined) seen.set(value, span);
    else
      scope.report(
        finding(UNREACHABLE_ARM, span, 'this arm is never reached: an earlier arm has the same pattern', {
          label: 'never reached',
          related: [{ span: first, text: 'the earlier arm' }],
        }),
      );
  }
  const missing = missingValues(subject, new Set(seen.keys()));
  if (missing !== undefined && missing.length === 0) {
    if (tree.otherwise !== undefined)
      scope.report(
        finding(UNREACHABLE_ARM, tree.otherwise.span, '`else` is never reached: every value has an arm', {
          label: 'never reached',
        }),
      );
    return true;
  }
  if (tree.otherwise !== undefined) return true;
  const names = missing?.map((name) => `\`${name}\``).join(', ');
  scope.report(
    finding(
      NOT_EXHAUSTIVE,
      tree.span,
      names === undefined
        ? `this \`match\` has no arm for other ${describe(subject)} values`
        : `this \`match\` has no arm for ${names}`,
      {
        help:
          missing === undefined
            ? 'add `else -> …`'
            : `add ${missing.map((name) => `\`${name} -> …\``).join(' and ')}, or \`else -> …\``,
      },
    ),
  );
  return false;
}

/** The values without an arm, as a program writes them; nothing where there are too many to count. */
function missingValues({ type, nullable }: Typed, seen: ReadonlySet<Value>): readonly string[] | undefined {
  const none = nullable && !seen.has(null) ? ['null'] : [];
  if (type.kind === 'enum')
    return [
      ...type.of.members
        .filter((member) => !seen.has(member.value))
        .map((member) => `${type.of.name}.${member.name}`),
      ...none,
    ];
  if (describeType(type) !== 'bool') return undefined;
  return [...[true, false].filter((value) => !seen.has(value)).map(String), ...none];
}

function typeArms(
  tree: MatchExpression,
  subject: Expression,
  patterns: readonly Pattern[],
  scope: Scope,
  infer: Infer,
): Expression {
  const path = pathKey(subject);
  const notNull = path === undefined ? scope : narrowed(scope, [path]);
  const hasNull = patterns.some((pattern) => pattern.value === null);
  const values = tree.arms.map((arm, at) => infer(arm.value, patterns[at]?.value === null ? scope : notNull));
  const otherwise =
    tree.otherwise === undefined ? undefined : infer(tree.otherwise, hasNull ? notNull : scope);
  const all = otherwise === undefined ? values : [...values, otherwise];
  const type = commonType(all, scope);
  if (type === undefined) return unknown(tree.span);
  const arms = values.map((value, at): MatchArmNode => ({
    pattern: patterns[at]?.value ?? null,
    value: convert(value, type),
  }));
  return {
    kind: 'match',
    subject,
    arms,
    ...(otherwise === undefined ? {} : { otherwise: convert(otherwise, type) }),
    span: tree.span,
    typed: { type, nullable: all.some((value) => value.typed.nullable) },
  };
}

/** The type that all arms fit; reports the first that does not. */
function commonType(values: readonly Expression[], scope: Scope): Type | undefined {
  const [first, ...rest] = values;
  if (first === undefined || isUnknown(first.typed)) return undefined;
  let { type } = first.typed;
  for (const value of rest) {
    const before = { ...first, typed: { type, nullable: false } };
    const sides = meet(before, value, 'the arms of `match` give different types', scope);
    if (sides === undefined) return undefined;
    type = sides.type;
  }
  return type;
}
