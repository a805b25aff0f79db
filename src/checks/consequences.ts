import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { CONSTANT_CONDITION } from '../model/codes/needless-codes.ts';
import { MAY_NOT_FIT, TYPE_MISMATCH } from '../model/codes/type-codes.ts';
import type { Program } from '../model/program.ts';
import { FOREIGN_SYNTAX } from '../syntax/codes/expressions.ts';
import { spanText, type Span } from '../text/source.ts';
import { alwaysRejected } from './always-rejected.ts';
import { constantFailures } from './constant-failures.ts';
import { keyTypes } from './key-types.ts';
import { longKeys } from './long-keys.ts';
import { upsertConstraint } from './upsert-constraint.ts';

interface Rule {
  readonly cause: string;
  readonly consequence: string;
  readonly follows: (consequence: Diagnostic, cause: Diagnostic) => boolean;
}

const rules: readonly Rule[] = [
  // A condition that is always false, inside of what rejects every message for it.
  {
    cause: alwaysRejected.description.code,
    consequence: CONSTANT_CONDITION.code,
    follows: ({ primary }, cause) => isInside(primary.span, cause.primary.span),
  },
  // A value that may not fit where it never fits.
  {
    cause: constantFailures.description.code,
    consequence: MAY_NOT_FIT.code,
    follows: ({ primary: { span } }, { primary: { span: other } }) =>
      isInside(span, other) && isInside(other, span),
  },
  // A condition that is always true, around what was read otherwise than it is written.
  {
    cause: FOREIGN_SYNTAX.code,
    consequence: CONSTANT_CONDITION.code,
    follows: ({ primary }, cause) => isInside(cause.primary.span, primary.span),
  },
  // A value that does not fit, inside of what was read otherwise than it is written.
  {
    cause: FOREIGN_SYNTAX.code,
    consequence: TYPE_MISMATCH.code,
    follows: ({ primary }, cause) => isInside(primary.span, cause.primary.span),
  },
  // A key that may be too long, where one of its columns cannot be in a key.
  {
    cause: keyTypes.description.code,
    consequence: longKeys.description.code,
    follows: ({ primary: key }, { primary, related }) =>
      [primary, ...related].some(({ span }) => isInside(span, key.span)),
  },
];

/** One mistake is told once. */
export function withoutConsequences(found: readonly Diagnostic[], program: Program): readonly Diagnostic[] {
  let kept = found;
  for (const { cause, consequence, follows } of rules) {
    const causes = found.filter(({ code }) => code === cause);
    if (causes.length > 0)
      kept = kept.filter(
        (each) => each.code !== consequence || !causes.some((other) => follows(each, other)),
      );
  }
  return withoutMovedKeys(kept, program);
}

/** A key that stands at its field, as in SQL, is told there with where to write it: then the upsert does not lack it. */
function withoutMovedKeys(found: readonly Diagnostic[], program: Program): readonly Diagnostic[] {
  const moved = found.flatMap(({ primary: { span }, help }) => {
    const columns = /write `(?:key|unique) (\([^)]*\))`/.exec(help ?? '')?.[1];
    return columns === undefined ? [] : [{ columns, span }];
  });
  if (moved.length === 0) return found;
  return found.filter((each) => {
    if (each.code !== upsertConstraint.description.code) return true;
    const { span } = each.primary;
    const store = program.stores.find(({ upsert }) => upsert?.tree.columns.span === span);
    const record = store?.record.tree.span;
    return (
      record === undefined ||
      !moved.some((key) => isInside(key.span, record) && key.columns === spanText(span))
    );
  });
}

function isInside(inner: Span, outer: Span): boolean {
  return inner.file === outer.file && outer.start <= inner.start && inner.end <= outer.end;
}
