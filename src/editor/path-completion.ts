import type { IToken } from 'chevrotain';
import { LeftCurly, word } from '../../grammar/tokens.ts';
import { pathFrom } from '../model/collect/read-file.ts';
import type { Completions } from './completions.ts';
import type { Document } from './document.ts';
import type { FolderEntry, ListFolder } from './paths.ts';
import { wordsBefore } from './words-before.ts';

/** Inside the quotes of a path: the folders and files that it can go on with. Nothing where no path is being written. */
export function pathCompletions(
  document: Document,
  offset: number,
  list: ListFolder,
): Completions | undefined {
  const words = wordsBefore(document, offset);
  const wanted = words === undefined ? undefined : wantedAt(words);
  const typed = words?.at(-1);
  if (wanted === undefined || typed === undefined) return undefined;
  const written = document.file.text.slice(typed.startOffset + 1, offset);
  const folder = written.slice(0, written.lastIndexOf('/') + 1);
  const path = folder === '' ? parentOf(document.file.name) : pathFrom(document.file.name, folder);
  const entries = path === undefined ? [] : list(path);
  const own = document.file.name.split('/').at(-1);
  return {
    start: typed.startOffset + 1 + folder.length,
    items: entries
      .filter((entry) => entry.folder || (wanted(entry) && !(folder === '' && entry.name === own)))
      .map(({ name, folder: isFolder }) => ({
        label: isFolder ? `${name}/` : name,
        kind: isFolder ? 'folder' : 'file',
        detail: '',
      })),
  };
}

function parentOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}

/** Which files a path can name that is not closed yet: `import "`, `lookup Countries "`, `given Order "`. */
function wantedAt(words: readonly IToken[]): ((entry: FolderEntry) => boolean) | undefined {
  if (words.at(-1)?.tokenType.name !== 'OpenText') return undefined;
  const [first, second] = [words.at(-2)?.tokenType, words.at(-3)?.tokenType];
  if (first === word.import && words.length === 2) return ({ name }) => name.endsWith('.nom');
  if (second === word.lookup && words.length === 3) return ({ name }) => name.endsWith('.csv');
  const inTest = words[0]?.tokenType === word.test && words.some(({ tokenType }) => tokenType === LeftCurly);
  return second === word.given && inTest ? ({ name }) => !/\.(nom|csv)$/.test(name) : undefined;
}
