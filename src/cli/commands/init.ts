import { closeSync, openSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from '../command.ts';
import { fault, usage } from '../exit.ts';
import { fileReason } from '../../files/file-reason.ts';
import { fileFault } from '../file-fault.ts';
import { makeFolder } from '../../runtime/make-folder.ts';
import { commandAgain } from '../command-again.ts';
import { quietOption } from '../options.ts';
import { type Template, templates } from '../templates.ts';
import type { Terminal } from '../terminal.ts';
import { quoted } from '../shell-word.ts';
import { visible } from '../../text/visible.ts';

interface Options {
  readonly template: string;
  readonly list?: true;
  readonly quiet?: true;
}

export const init: Command = {
  name: 'init',
  register: (parser, terminal) => {
    parser
      .command('init')
      .summary('write a first pipeline, with data and tests, into an empty folder')
      .description(
        'Writes a pipeline that runs, with its data and tests, into an empty folder, and prints the next command. It changes no file ' +
          'that is there: a folder with files is refused, apart from those of git and npm.',
      )
      .argument('[folder]', 'the folder, made where it is missing', '.')
      .option('-t, --template <name>', 'the pipeline to begin with; --list names them', 'minimal')
      .option('--list', 'print the templates instead')
      .addOption(quietOption())
      .action((folder: string, options: Options) => run(folder, options, terminal));
  },
};

function run(folder: string, options: Options, terminal: Terminal): void {
  const all = templates();
  if (options.list === true) {
    const width = Math.max(...all.map(({ name }) => name.length));
    for (const { name, about } of all) terminal.out(`${name.padEnd(width)}  ${about}\n`);
    return;
  }
  const template = all.find(({ name }) => name === options.template);
  if (template === undefined)
    throw usage(
      `there is no template ${visible(options.template)}; the templates are ${all.map(({ name }) => name).join(', ')}`,
    );
  if (folder === '') throw usage('the name of the folder is empty: leave it out for this folder');
  const found = contentOf(folder);
  if (found.length > 0)
    throw usage(
      `${visible(folder)} must be empty and has ${named(found)}: name another folder, as in \`nomnom init ${template.name}\``,
    );
  write(folder, template);
  if (options.quiet !== true) terminal.out(nextSteps(folder, template));
}

/** What `git init`, `npm init` and `npm install` leave in a folder that is otherwise empty. */
const HARMLESS = ['.git', '.gitignore', 'node_modules', 'package.json', 'package-lock.json'];

function contentOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !HARMLESS.includes(name));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') throw usage(`${visible(folder)} is a file, or in one, and a folder is expected`);
    throw usage(`${visible(folder)} cannot be read: ${fileReason(error)}`);
  }
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(visible).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** Writes all files, or leaves the disk as it was. */
function write(folder: string, { files }: Template): void {
  const made: string[] = [];
  try {
    for (const { path, read } of files) {
      const file = join(folder, path);
      made.push(...makeFolder(dirname(file)));
      // Someone may have written it a moment ago.
      const opened = openSync(file, 'wx');
      made.push(file);
      try {
        writeFileSync(opened, read());
      } finally {
        closeSync(opened);
      }
    }
  } catch (error) {
    for (const each of made.toReversed()) remove(each);
    throw fault(visible(fileFault(error, folder) ?? `${folder} cannot be written: ${fileReason(error)}`));
  }
}

/** A folder only where it is empty: another process may have put something into it. */
function remove(path: string): void {
  try {
    if (statSync(path).isDirectory()) rmdirSync(path);
    else rmSync(path);
  } catch {
    // It stays; what went wrong before says more.
  }
}

function nextSteps(folder: string, { name, files, secrets: wanted }: Template): string {
  const program = `${name}.nom`;
  const nomnom = commandAgain(folder);
  const secrets = wanted.map((secret) => `${secret}=… `).join('');
  const steps = [
    ...(folder === '.' ? [] : [`cd ${quoted(folder)}`]),
    `${nomnom} test ${program}`,
    `${secrets}${nomnom} dev ${program}`,
  ];
  return [...files.map(({ path }) => `  ${path}`), '', 'next:', ...steps.map((step) => `  ${step}`), ''].join(
    '\n',
  );
}
