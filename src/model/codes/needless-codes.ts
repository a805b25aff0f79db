import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** The findings of expressions that always give the same, or never a value. */

export const NEEDLESS_FALLBACK: CodeDescription = {
  code: 'NOM308',
  severity: 'warning',
  title: 'the fallback of `??` is never used',
  explanation: `The left side of \`??\` is never null here, so its right side has no effect: mostly another value was meant, or a type
lost its \`?\`.

\`\`\`nom
total: decimal(9, 2)
shown: decimal(9, 2) = total ?? 0          // wrong: total is never null
shown: decimal(9, 2) = total               // right
\`\`\``,
};

export const CONSTANT_CONDITION: CodeDescription = {
  code: 'NOM309',
  severity: 'warning',
  title: 'a condition is always true, or always false',
  explanation: `A value that is never null is compared with null, or two written values with each other: the answer is known, and one
of the two ways is never gone.

\`\`\`nom
note: text(40)
shown: text(40) = if note != null then note else "none"    // wrong: note is never null
note: text(40)?                                            // right, where it may be absent
\`\`\``,
};

export const DIVISION_BY_ZERO: CodeDescription = {
  code: 'NOM310',
  severity: 'error',
  title: 'a division by zero',
  explanation: `Nothing can be divided by 0: every message would be rejected.

\`\`\`nom
share: float = total / 0            // wrong
share: float = total / 100          // right
\`\`\``,
};
