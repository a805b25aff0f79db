import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ALSO } from '../syntax/merge.ts';
import type { StoreTree } from '../syntax/store-tree.ts';
import { spanText, type Span } from '../text/source.ts';
import { openDocument, reusable, type Document } from './document.ts';
import { editedText, type Edit } from './edit.ts';
import { itemInStore } from './store-item.ts';

/** A fix that an editor can make: offered only where it was tried and the finding is gone without a new error. */
export interface QuickFix {
  readonly title: string;
  readonly finding: Diagnostic;
  readonly edits: readonly Edit[];
}

interface Candidate {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** Makes the fixes that a finding's help suggests; wrong guesses cost nothing, for each is tried. */
type Proposal = (finding: Diagnostic, document: Document) => readonly Candidate[];

const proposals: readonly Proposal[] = [
  replaceByQuoted,
  replaceByPlain,
  leaveOut,
  addToStore,
  upsertOnNearest,
  allowNull,
  forbidNull,
  wrapInCall,
  nullsEqual,
  softReference,
  plainComment,
];

/** The fixes of the findings that touch a stretch of the file. */
export function quickFixes(document: Document, start: number, end: number): readonly QuickFix[] {
  return document.analysis.findings
    .filter(({ primary: { span } }) => span.file === document.file && span.start <= end && start <= span.end)
    .flatMap((finding) => fixesOf(finding, document));
}

function fixesOf(finding: Diagnostic, document: Document): readonly QuickFix[] {
  const seen = new Set<string>();
  return proposals
    .flatMap((propose) => propose(finding, document))
    .filter((candidate) => {
      const text = editedText(document.file.text, candidate.edits);
      if (seen.has(text) || text === document.file.text) return false;
      seen.add(text);
      return fixes(finding, text, document);
    })
    .map((candidate) => ({ ...candidate, finding }));
}

/** Whether the text has the finding no more, and no error that was not there before. */
function fixes(finding: Diagnostic, text: string, document: Document): boolean {
  const after = openDocument({ name: document.file.name, text }, document.readFile, reusable(document))
    .analysis.findings;
  const before = document.analysis.findings;
  const count = (findings: readonly Diagnostic[], code?: string): number =>
    findings.filter((each) => (code === undefined ? each.severity === 'error' : each.code === code)).length;
  if (places(after, finding.code) >= places(before, finding.code)) return false;
  // A declaration that cannot be read hides what else is wrong in it.
  if (syntaxErrors(after) > syntaxErrors(before)) return false;
  return finding.severity === 'error'
    ? places(after) < places(before)
    : count(after) <= count(before) && after.length < before.length;
}

/** How many places have an error; a habit is told once, and shows its other places. */
function places(findings: readonly Diagnostic[], code?: string): number {
  return findings
    .filter((each) => (code === undefined ? each.severity === 'error' : each.code === code))
    .reduce((sum, { related }) => sum + 1 + related.filter(({ text }) => text === ALSO).length, 0);
}

function syntaxErrors(findings: readonly Diagnostic[]): number {
  return findings.filter(({ code, severity }) => severity === 'error' && code.startsWith('NOM0')).length;
}

/** The pieces of code in a help: `did you mean \`order_key\`?`. */
function quoted(help: string | undefined): readonly string[] {
  return [...(help ?? '').matchAll(/`([^`]+)`/g)]
    .map(([, text = '']) => text)
    .filter((text) => !text.includes('…'));
}

/** Did you mean, write `==`: the help's code stands for what was found, or for the name in it. */
function replaceByQuoted({ primary, help }: Diagnostic): readonly Candidate[] {
  if (help === undefined || !/did you mean|^write|^known names|^use|^consume/.test(help)) return [];
  const found = spanText(primary.span);
  // A comment's words are not to be lost.
  if (found.startsWith('/')) return [];
  const at = /^@?\s*([A-Za-z_][A-Za-z0-9_]*)/.exec(found);
  return quoted(help).flatMap((text) => {
    const whole = replace(primary.span, text);
    // `@defualt(1)`: the name alone.
    const name = at?.[1] ?? '';
    const from = primary.span.start + (at?.[0].length ?? 0) - name.length;
    const partly = { ...primary.span, start: from, end: from + name.length };
    return name === '' || name === found || /^[^A-Za-z_]/.test(text)
      ? [whole]
      : [replace(partly, text), whole];
  });
}

/** `write "text"`, with the quotes that belong to it. */
function replaceByPlain({ primary, help }: Diagnostic): readonly Candidate[] {
  const text = /^write ("(?:[^"\\]|\\.)*")$/.exec(help ?? '')?.[1];
  return text === undefined ? [] : [replace(primary.span, text)];
}

function leaveOut({ primary, help }: Diagnostic, document: Document): readonly Candidate[] {
  if (help === undefined || !help.includes('leave ')) return [];
  // What is to stand elsewhere would be lost.
  if (help.startsWith('leave it out here')) return [];
  const word = /leave `([^`]+)` out/.exec(help)?.[1];
  const { text } = primary.span.file;
  const start = word === undefined ? primary.span.start : text.lastIndexOf(word, primary.span.end);
  const end = word === undefined ? primary.span.end : start + word.length;
  const edit = { span: withBlanks({ ...primary.span, start, end }), text: '' };
  const item = /^leave it out, and write `((?:key|unique|index) [^`]*)` in the braces/.exec(help)?.[1];
  if (item !== undefined) {
    const store = storeOf(document, primary.span.start);
    if (store === undefined) return [];
    return [{ title: `Write \`${item}\` in the store`, edits: [edit, itemInStore(store, item)] }];
  }
  return [{ title: `Leave out \`${text.slice(start, end)}\``, edits: [edit] }];
}

/** What is to go, with the blanks of one side; with its line, where nothing else is in it. */
function withBlanks(span: Span): Span {
  const { text } = span.file;
  const before = /[ \t]*$/.exec(text.slice(0, span.start))?.[0].length ?? 0;
  const after = /^[ \t]*/.exec(text.slice(span.end))?.[0].length ?? 0;
  if (!/^[ \t]*(?:\r?\n|$)/.test(text.slice(span.end)))
    return before === 0 && span.start > 0 && text[span.start - 1] !== '\n'
      ? span
      : { ...span, end: span.end + after };
  const start = span.start - before;
  return { ...span, start: start > 0 && text[start - 1] === '\n' ? start - 1 : start };
}

/** `add \`upsert on (id)\``, `declare \`key (a, b)\``: one more item of the store that has the finding. */
function addToStore({ primary, help }: Diagnostic, document: Document): readonly Candidate[] {
  const item = /^(?:add|declare) `((?:upsert|key|unique)[^`]*)`/.exec(help ?? '')?.[1];
  const store = item === undefined ? undefined : storeAt(document, primary.span.start);
  if (item === undefined || store === undefined) return [];
  const unique = item.replace(/^key/, 'unique');
  const forms = item === unique ? [item] : [item, unique];
  return forms.map((form) => ({ title: `Add \`${form}\``, edits: [itemInStore(store, form)] }));
}

/** The first store of the declaration that has a place. */
function storeOf({ parsed }: Document, offset: number): StoreTree | undefined {
  return parsed.tree.declarations
    .filter(({ span }) => isIn(span, offset))
    .flatMap((each) => ('members' in each && each.kind !== 'enum' ? each.members : []))
    .find((member): member is StoreTree => member.kind === 'store');
}

function storeAt({ parsed }: Document, offset: number): StoreTree | undefined {
  return parsed.tree.declarations
    .flatMap((each) => ('members' in each && each.kind !== 'enum' ? each.members : []))
    .find((member): member is StoreTree => member.kind === 'store' && isIn(member.span, offset));
}

function isIn(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** `…, or upsert on (a, b)`: the columns of the nearest constraint. */
function upsertOnNearest({ primary, help }: Diagnostic): readonly Candidate[] {
  const columns = /or upsert on (\([^)]*\))/.exec(help ?? '')?.[1];
  return columns === undefined ? [] : [{ ...replace(primary.span, columns), title: `Upsert on ${columns}` }];
}

/** A `?` behind the declared type, which a related label shows. */
function allowNull({ code, primary, related }: Diagnostic): readonly Candidate[] {
  if (code !== 'NOM302') return [];
  return [...related, primary].flatMap(({ span }) => {
    const text = spanText(span);
    return /^[A-Za-z_]\w*(\s*\([\s\d,]*\))?(\[\])?$/.test(text)
      ? [{ title: `Allow null: \`${text}?\``, edits: [{ span, text: `${text}?` }] }]
      : [];
  });
}

/** `declare it without \`?\``: the field that the primary place names, or a related label shows. */
function forbidNull(
  { primary, related, help }: Diagnostic,
  { parsed, file }: Document,
): readonly Candidate[] {
  if (help?.startsWith('declare it without `?`') !== true) return [];
  const name = spanText(primary.span);
  return parsed.tree.declarations
    .flatMap((each) => ('members' in each && each.kind !== 'enum' ? each.members : []))
    .flatMap((member): readonly Candidate[] => {
      const type = member.kind === 'field' && member.name.text === name ? member.type : undefined;
      const shown = related.some(({ span }) => span.file === file && isIn(member.span, span.start));
      if (type?.nullable !== true || !shown) return [];
      const text = spanText(type.span).replace(/\?$/, '');
      return [{ title: `Forbid null: \`${text}\``, edits: [{ span: type.span, text }] }];
    });
}

/** `say it with \`to_text(…)\``. */
function wrapInCall({ primary, help }: Diagnostic): readonly Candidate[] {
  const call = /`([a-z_0-9]+)\(…((?:, ?[^`…]+)?)\)`/.exec(help ?? '');
  if (call === null) return [];
  const text = `${call[1] ?? ''}(${spanText(primary.span)}${call[2] ?? ''})`;
  return [replace(primary.span, text)];
}

/** `nulls equal` behind the constraint, which is a `unique` then. */
function nullsEqual({ code, primary }: Diagnostic, document: Document): readonly Candidate[] {
  const store = code === 'NOM202' ? storeAt(document, primary.span.start) : undefined;
  return (store?.items ?? []).flatMap((item) => {
    if (item.kind !== 'unique' && item.kind !== 'key') return [];
    const text = `unique ${spanText(item.columns.span)} nulls equal`;
    return [replace(item.span, text)];
  });
}

function softReference({ help, primary, related }: Diagnostic, document: Document): readonly Candidate[] {
  if (help?.startsWith('write `soft`') !== true) return [];
  return [primary, ...related].flatMap(({ span }) => {
    const refs = (storeAt(document, span.start)?.items ?? []).filter(
      (item) => item.kind === 'ref' && isIn(item.span, span.start),
    );
    return refs.map((item) => ({
      title: `Write \`soft\` after \`${spanText(item.span)}\``,
      edits: [{ span: { ...item.span, start: item.span.end }, text: ' soft' }],
    }));
  });
}

/** Turns a doc comment without an item into a plain comment. */
function plainComment({ primary }: Diagnostic): readonly Candidate[] {
  const text = spanText(primary.span);
  return text.startsWith('///')
    ? [{ title: 'Make it a plain comment', edits: [{ span: primary.span, text: text.slice(1) }] }]
    : [];
}

function replace(span: Span, text: string): Candidate {
  return { title: `Write \`${text}\``, edits: [{ span, text }] };
}
