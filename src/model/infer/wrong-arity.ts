import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { CallExpression } from '../../syntax/expression-tree.ts';
import type { Span } from '../../text/source.ts';
import { UNKNOWN_FUNCTION } from '../codes/codes.ts';
import { shown } from './shown.ts';

/** What a call may have. */
export interface Arity {
  readonly min: number;
  readonly max: number;
  /** As a sentence says it: `1`, `from 1 to 2`, `no`. */
  readonly text: string;
  /** The parameters by name, and what may stand for each where it is missing. */
  readonly parameters: () => readonly { readonly name: string; readonly example: string }[];
  /** Where the function is declared. */
  readonly declared?: Span;
}

/** A call with too few or too many arguments; nothing where their number is right. */
export function wrongArity(tree: CallExpression, arity: Arity): Diagnostic | undefined {
  const { min, max, text, parameters, declared } = arity;
  const { text: name } = tree.callee;
  const given = tree.arguments;
  if (given.length >= min && given.length <= max) return undefined;
  const lacking = parameters().slice(given.length, min);
  const extra = given.slice(max);
  const [first] = extra;
  const last = extra.at(-1);
  const written = given.slice(0, max).map(({ span }) => shown(span));
  const call = `${name}(${[...written, ...lacking.map(({ example }) => example)].join(', ')})`;
  const isFixed = !call.includes('…');
  const names = lacking.map((parameter) => `\`${parameter.name}\``).join(' and ');
  const what = lacking.length === 0 ? '' : `: ${names} ${lacking.length === 1 ? 'is' : 'are'} missing`;
  return finding(
    UNKNOWN_FUNCTION,
    tree.span,
    `\`${name}\` takes ${text} argument${text === '1' ? '' : 's'}, found ${given.length}${what}`,
    {
      ...(lacking.length > 0 ? { label: `no ${names}` } : {}),
      related: [
        ...(first === undefined || last === undefined
          ? []
          : [
              {
                span: { ...first.span, end: last.span.end },
                text: extra.length === 1 ? 'one too many' : 'too many',
              },
            ]),
        ...(declared === undefined ? [] : [{ span: declared, text: 'declared here' }]),
      ],
      help: isFixed ? `write \`${call}\`` : `it is called as \`${call}\``,
    },
  );
}
