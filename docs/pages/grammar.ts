import { ebnfOf } from '../../grammar/ebnf.ts';
import { grammarRules } from '../../grammar/production.ts';

/** `docs/reference/grammar.md`: every rule with its railroad diagram. */
export function grammarPage(): string {
  return [
    '# Grammar',
    'Round boxes are words, signs and literals; square boxes are rules. The whole grammar as text is',
    '[`grammar/nomnom.ebnf`](../../grammar/nomnom.ebnf). White space and line ends have no meaning. `//` starts a',
    'comment, `///` starts a doc comment for the next item.',
    ...grammarRules().map(
      ({ name, production }) =>
        `\n## ${name}\n\n![Diagram of ${name}](grammar/${name}.svg)\n\n\`\`\`ebnf\n${name} = ${ebnfOf(production)} ;\n\`\`\``,
    ),
  ].join('\n');
}
