import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** The findings of type inference: family 3xx. */

export const TYPE_MISMATCH: CodeDescription = {
  code: 'NOM301',
  severity: 'error',
  title: 'type mismatch',
  explanation: `Nothing is converted quietly. A value fits where its type is the same or a wider one that loses nothing:
\`int\` → \`bigint\` → \`decimal\`, \`text(10)\` → \`text\`, an enum → \`text\`. Literals take the type that is asked for.

\`\`\`nom
total: decimal(15, 2) = o.name             // wrong
total: decimal(15, 2) = o.quantity         // right: an int fits
\`\`\`

\`/\` works on floats only, because exact types have no exact quotient in general.`,
};

export const MAY_BE_NULL: CodeDescription = {
  code: 'NOM302',
  severity: 'error',
  title: 'a value may be null where null is not allowed',
  explanation: `A type with \`?\` may be null. It does not fit a field without \`?\`, an ordering, or a boolean operator.

\`\`\`nom
rate: decimal(4, 2)  = discount            // wrong where discount is decimal(4, 2)?
rate: decimal(4, 2)  = discount ?? 0       // right: another value in its place
rate: decimal(4, 2)? = discount            // right: null reaches the column
\`\`\`

\`if x != null then … else …\`, \`x == null or …\` and \`where x != null\` make \`x\` non-null where they guarantee it.`,
};

export const MAY_NOT_FIT: CodeDescription = {
  code: 'NOM303',
  severity: 'error',
  title: 'a decimal, text or literal may not fit',
  explanation: `It is an error where the program alone shows that a value does not fit or would lose digits: a literal out of
range, or a decimal with more fraction digits than the field has. It is a warning where only the data can tell, as for
\`text\` into \`text(10)\`; then a message whose value does not fit is rejected, never cut or rounded.`,
};

export const RECURSION: CodeDescription = {
  code: 'NOM307',
  severity: 'error',
  title: 'a function calls itself',
  explanation: `A function may call others, but not itself, neither directly nor through them: every calculation ends, and its
cost can be seen in the program.

\`\`\`nom
fn twice(x: int) -> int = twice(x) + x      // wrong
fn twice(x: int) -> int = x + x             // right
\`\`\``,
};

export const SELF_REFERENCE: CodeDescription = {
  code: 'NOM304',
  severity: 'error',
  title: 'a field is computed from itself',
  explanation: `Fields of one entity may use each other in any order, but not in a circle: none of them could be first.

\`\`\`nom
net:   int = gross - tax
gross: int = net + tax            // wrong: each needs the other
gross: int                        // right: one of them is read
\`\`\``,
};
