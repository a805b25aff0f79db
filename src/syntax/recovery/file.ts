import type { IToken } from 'chevrotain';
import { read } from '../../../grammar/parser.ts';
import type { Tokens } from '../../../grammar/tokens.ts';
import type { Diagnostic, Report } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import { spanText, type SourceFile } from '../../text/source.ts';
import { chunksOf } from '../chunks.ts';
import { UNEXPECTED } from '../codes/structure.ts';
import { FOREIGN_COMMENT } from '../codes/words.ts';
import { attachDocs } from '../docs.ts';
import { tokenSpan } from '../lower/context.ts';
import { merged } from '../merge.ts';
import { declarationOf } from '../lower/declaration.ts';
import type { Declaration } from '../tree.ts';
import { describeToken } from './describe.ts';
import { recoverDeclaration } from './recover.ts';
import { salvage } from './salvage.ts';

/** The declarations of a file with faults, each read by itself. The one way into this folder. */
export function recoverFile(
  file: SourceFile,
  { tokens, docs, strays }: Tokens,
  report: Report,
): readonly Declaration[] {
  const attached = attachDocs(file, docs, tokens);
  let found = 0;
  let next = 0;
  const pieces = chunksOf(file, tokens).map((chunk) => {
    const first = next;
    while (next < strays.length && (strays[next]?.start ?? 0) < chunk.end) next += 1;
    if (found >= MOST_FINDINGS) return { chunk, cst: undefined, guessed: true, findings: [] };
    const piece = recoverDeclaration(file, chunk, strays.slice(first, next));
    found += piece.findings.length;
    return { chunk, ...piece };
  });
  const findings = oneOfComments(pieces.flatMap((piece) => piece.findings));
  // A file that is not accepted is never without a finding, whatever its pieces look like.
  if (findings.length === 0) findings.push(unreadable(file, tokens));
  merged(findings).forEach(report);
  const declarations = pieces.flatMap(({ chunk, cst, guessed }) => {
    const building = { file, docs: attached, broken: guessed };
    const declaration = cst === undefined ? salvage(file, chunk.tokens) : declarationOf(building, cst);
    return declaration === undefined ? [] : [declaration];
  });
  const nameless = declarations.find((each) => each.kind === 'role' && isNameless(each));
  // Where even the name is missing there is nothing that others could refer to. A role may be what others wait for.
  return declarations
    .filter((each) => each === nameless || !isNameless(each))
    .map((each) => (each === nameless && each.kind === 'role' ? { ...each, broken: true } : each));
}

function isNameless(declaration: Declaration): boolean {
  return 'name' in declaration && declaration.name.text === '';
}

/** So many findings a file gives; of the declarations behind them only the names are read. */
const MOST_FINDINGS = 10_000;

/** Who writes one comment of another language writes all of them so: only the first is reported. */
function oneOfComments(findings: readonly Diagnostic[]): Diagnostic[] {
  const isBlock = ({ code, primary }: Diagnostic): boolean =>
    code === FOREIGN_COMMENT.code && spanText(primary.span).startsWith('/*');
  const first = findings.find(isBlock);
  return findings.filter((each) => each === first || !isBlock(each));
}

function unreadable(file: SourceFile, tokens: readonly IToken[]): Diagnostic {
  const stuckAt = read('file', tokens).stuckAt;
  const token = tokens.find((candidate) => candidate === stuckAt);
  const found = describeToken(token);
  const end = { file, start: file.text.length, end: file.text.length };
  return finding(
    UNEXPECTED,
    token === undefined ? end : tokenSpan(file, token),
    `${found} does not belong here`,
    { help: 'leave it out' },
  );
}
