import type { SourceTree } from './source-tree.ts';

/** Joined here, so that this file holds none of the words that it forbids. */
const word = (...pieces: readonly string[]) => pieces.join('');

/** Makers of text and code; none of them belongs in the project's own words. */
const authors = new RegExp(
  [
    word('cla', 'ude'),
    word('anth', 'ropic'),
    word('open', 'ai'),
    word('chat', 'gpt'),
    word('co', 'pilot'),
    // Two files of the site are named so for the programs that look for them.
    word('\\bll', 'ms?\\b(?!(-full)?\\.txt)'),
    word('language', ' model'),
    word('\\b(ai|coding|code) ', '(agent|assistant)'),
    word('co-auth', 'ored-by'),
    word('generated ', '(by|with) (an? )?(ai|assistant|model)\\b'),
  ].join('|'),
  'i',
);

/** Folders of the machine on which something was written. */
const machines = new RegExp(
  [word('/ro', 'ot/'), word('/wo', 'rk/'), word('/ho', 'me/\\w'), word('/Us', 'ers/\\w')].join('|'),
);

/** Work that was not done, and checks that were switched off for good. */
const unfinished = new RegExp(
  [word('\\bTO', 'DO\\b'), word('\\bFIX', 'ME\\b'), word('@ts-', '(ignore|nocheck)')].join('|'),
);

export function foreignWords(tree: SourceTree): readonly string[] {
  return tree
    .filter((file) => file.path !== 'package-lock.json')
    .flatMap((file) =>
      file.text.split('\n').flatMap((line, at) => {
        const found = authors.exec(line) ?? machines.exec(line) ?? unfinished.exec(line);
        return found === null ? [] : [`${file.path}:${at + 1}: ${found[0]}`];
      }),
    );
}
