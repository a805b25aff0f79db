import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** The findings of expressions that always have the same value, or never have one. */

export const NEEDLESS_FALLBACK: CodeDescription = {
  code: 'NOM308',
  severity: 'warning',
  title: 'the fallback of `??` is never used',
  explanation: `The left side of \`??\` is never null here, so the right side has no effect. Often another value was meant, or a type lacks its
\`?\`.

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
  explanation: `The condition compares a value that is never null with null, a value with itself, or two literals with each other. The result is known, and one of the
two branches is never used.

\`\`\`nom
note: text(40)
shown: text(40) = if note != null then note else "none"    // wrong: note is never null
note: text(40)?                                            // right, if it can be absent
\`\`\``,
};

export const DIVISION_BY_ZERO: CodeDescription = {
  code: 'NOM310',
  severity: 'error',
  title: 'a division by zero',
  explanation: `A division by 0 fails, so every message would be rejected.

\`\`\`nom
share: float = total / 0            // wrong
share: float = total / 100          // right
\`\`\``,
};
