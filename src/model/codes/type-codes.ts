import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** The findings of type inference: family 3xx. */

export const TYPE_MISMATCH: CodeDescription = {
  code: 'NOM301',
  severity: 'error',
  title: 'type mismatch',
  explanation: `Types are not converted silently. A value fits a field with the same type or a wider type that loses nothing:
\`int\` → \`bigint\` → \`decimal\`, \`text(10)\` → \`text\`, an enum → \`text\`. A literal takes the type of the field.

\`\`\`nom
total: decimal(15, 2) = o.name             // wrong
total: decimal(15, 2) = o.quantity         // right: an int fits
\`\`\`

\`/\` works on floats only, because the quotient of exact numbers is not exact in general. Use \`div(a, b, scale)\` for them.`,
};

export const MAY_BE_NULL: CodeDescription = {
  code: 'NOM302',
  severity: 'error',
  title: 'a value can be null where null is not allowed',
  explanation: `A value of a type with \`?\` can be null. It does not fit a field without \`?\`, a comparison with \`<\` or \`>\`, or a boolean operator.

\`\`\`nom
rate: decimal(4, 2)  = discount            // wrong if discount is decimal(4, 2)?
rate: decimal(4, 2)  = discount ?? 0       // right: 0 instead of null
rate: decimal(4, 2)? = discount            // right: the column is nullable
\`\`\`

\`if x != null then … else …\`, \`x == null or …\` and \`where x != null\` make \`x\` non-null where the condition guarantees it.`,
};

export const MAY_NOT_FIT: CodeDescription = {
  code: 'NOM303',
  severity: 'error',
  title: 'a decimal, text or literal may not fit',
  explanation: `It is an error if the program shows that a value does not fit or loses digits: a literal out of range, or a decimal with more
fraction digits than the field. It is a warning if it depends on the data, as for \`text\` in a \`text(10)\` field. A message whose
value does not fit is rejected; the value is never cut or rounded.`,
};

export const RECURSION: CodeDescription = {
  code: 'NOM307',
  severity: 'error',
  title: 'a function calls itself',
  explanation: `A function can call other functions, but not itself, directly or indirectly. So every calculation ends, and the program shows
its cost.

\`\`\`nom
fn twice(x: int) -> int = twice(x) + x      // wrong
fn twice(x: int) -> int = x + x             // right
\`\`\``,
};

export const SELF_REFERENCE: CodeDescription = {
  code: 'NOM304',
  severity: 'error',
  title: 'a field is computed from itself',
  explanation: `Fields of one entity can use each other in any order, but not in a cycle, because none of them could be computed first.

\`\`\`nom
net:   int = gross - tax
gross: int = net + tax            // wrong: each needs the other
gross: int                        // right: gross is read from the message
\`\`\``,
};
