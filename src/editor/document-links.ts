import { pathFrom } from '../model/collect/read-file.ts';
import type { Text } from '../syntax/name.ts';
import type { Declaration } from '../syntax/tree.ts';
import type { Span } from '../text/source.ts';
import type { Document } from './document.ts';

/** A path in the program that leads to a file. */
export interface DocumentLink {
  /** Inside the quotes. */
  readonly span: Span;
  /** Seen from where the program's own path is. */
  readonly path: string;
}

/** The files that a program names: imports, the rows of lookups, messages of tests. */
export function documentLinks({ file, parsed }: Document): readonly DocumentLink[] {
  return parsed.tree.declarations.flatMap(pathsIn).flatMap(({ value, span }) => {
    const path = pathFrom(file.name, value);
    // An unclosed text has no second quote.
    if (path === undefined || span.end - span.start < 3) return [];
    return [{ span: { file, start: span.start + 1, end: span.end - 1 }, path }];
  });
}

function pathsIn(declaration: Declaration): readonly Text[] {
  switch (declaration.kind) {
    case 'import':
    case 'lookup':
      return [declaration.path];
    case 'test':
      return declaration.steps.flatMap((step) =>
        step.kind === 'given' && step.input.kind === 'file' ? [step.input.path] : [],
      );
    default:
      return [];
  }
}
