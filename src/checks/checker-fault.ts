import { type CodeDescription, finding } from '../diagnostics/diagnostic.ts';
import { buildProgram } from '../model/build/build.ts';
import { parseFile } from '../syntax/parse.ts';
import type { SourceFile } from '../text/source.ts';

export const CHECKER_FAULT: CodeDescription = {
  code: 'NOM801',
  severity: 'error',
  title: 'nomnom itself failed while it checked this file',
  explanation: `A program is never to blame for this: whatever a file says, \`check\` must answer with findings about it. It could not, and says
so instead of ending; other files, and the editor, go on. The message names the error of nomnom and where it came from.

Please report it with the file, or the part of it that still shows the error, and the output of \`nomnom --version\`.`,
};

/** What an analysis gives that an error of our own has ended: the error, and a program without declarations. */
export function faultOf(source: SourceFile, error: unknown) {
  const empty = parseFile({ name: source.name, text: '' }, ignore);
  const end = Math.max(0, source.text.search(/$/m));
  const message = `nomnom failed while it checked this file: ${told(error)}`;
  const help = 'report it with this file and the output of `nomnom --version`';
  return {
    program: buildProgram(empty, ignore),
    findings: [finding(CHECKER_FAULT, { file: source, start: 0, end }, message, { help })],
    allowed: [],
    accepted: false,
  };
}

const ignore = (): void => {};

/** The error and the function of ours that it came from, in one line. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /^\s+at (?:new )?([\w$.<>]+)/m.exec(error.stack ?? '')?.[1];
  return `${error.name}: ${error.message}${place === undefined ? '' : ` in ${place}`}`;
}
