import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../src/cli/commands/registry.ts';
import { programParser } from '../src/cli/program-parser.ts';
import type { Terminal } from '../src/cli/terminal.ts';
import { manPages } from './man-pages.ts';

const root = join(import.meta.dirname, '..');
const [folder = join(root, 'dist/man')] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
};

/** The commands are only described here, never run. */
const unused = {} as Terminal;
const parser = programParser(version);
for (const command of commands) command.register(parser, unused);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of manPages(parser, version)) writeFileSync(join(folder, name), text);
