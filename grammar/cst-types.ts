import { generateCstDts } from './chevrotain.ts';
import { nomParser } from './parser.ts';

const HEADER = `import type { IToken } from 'chevrotain';

/* Generated from the rules by cst-types.ts; the tests compare it and, with UPDATE_GOLDEN=1, write it. */

interface Node<Rule extends string, Children> {
  readonly name: Rule;
  readonly children: Readonly<Children>;
}
`;

/**
 * The text of `cst.ts`: one type per grammar rule, from Chevrotain's own description of them, made shorter.
 * Tokens without a label are left out: no meaning hangs on them.
 */
export function cstTypes(): string {
  const generated = generateCstDts(nomParser().getGAstProductions(), { includeVisitorInterface: false });
  const rules = generated.matchAll(
    /interface (\w+)CstNode extends CstNode \{\s*name: "(\w+)";[^}]*\}\s*export type \w+ = \{([^}]*)\};/g,
  );
  const types = [...rules].map(([, type = '', rule = '', body = '']) => {
    const children = body
      .split('\n')
      .filter((line) => /^\s*[a-z]/.test(line))
      .map((line) =>
        line
          .trim()
          .replace(/CstNode/g, 'Cst')
          .replace(/\((\w+)\)\[\]/g, '$1[]'),
      );
    const line = `export type ${type}Cst = Node<'${rule}', { ${children.join(' ').replace(/;$/, '')} }>;`;
    if (line.length <= 110) return line;
    return `export type ${type}Cst = Node<\n  '${rule}',\n  {\n    ${children.join('\n    ')}\n  }\n>;`;
  });
  return `${HEADER}\n${types.join('\n\n')}\n`;
}
