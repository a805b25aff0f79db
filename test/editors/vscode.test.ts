import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serverCommand, testCommand } from '../../editors/vscode/src/server-command.ts';
import { Identifier } from '../../grammar/tokens.ts';
import { analyze } from '../../src/checks/analyze.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { keywordDocs } from '../../src/editor/keyword-docs.ts';

const folder = join(import.meta.dirname, '../../editors/vscode');
const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly publisher: string;
  readonly main: string;
  readonly engines: { readonly vscode: string };
  readonly contributes: {
    readonly languages: readonly { id: string; extensions: string[]; configuration: string }[];
    readonly grammars: readonly { language: string; scopeName: string; path: string }[];
    readonly snippets: readonly { language: string; path: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Record<string, unknown>>> };
    readonly commands: readonly { command: string; title: string }[];
  };
}

const manifest = json('package.json') as Manifest;
const { contributes } = manifest;
const source = readFileSync(join(folder, 'src/extension.ts'), 'utf8');

test('the manifest has what the editor and its packager ask for', () => {
  expect(manifest.name).toMatch(/^[a-z0-9-]+$/);
  expect(manifest.publisher).toMatch(/^[a-z0-9-]+$/);
  expect(manifest.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(manifest.engines.vscode).toMatch(/^\^1\.\d+\.0$/);
  const bundle = readFileSync(join(folder, 'bundle.ts'), 'utf8');
  expect(bundle).toContain(manifest.main.replace('./', ''));
});

test('every file that the manifest names is there', () => {
  const paths = [
    ...contributes.languages.map(({ configuration }) => configuration),
    ...contributes.grammars.map(({ path }) => path),
    ...contributes.snippets.map(({ path }) => path),
  ];
  expect(paths.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
});

test('the language of .nom files is the one that has the colours and the server', () => {
  const [language] = contributes.languages;
  expect(language?.extensions).toEqual(['.nom']);
  const grammar = contributes.grammars.find((each) => each.language === language?.id);
  const colours = json(grammar?.path ?? '') as { scopeName: string };
  expect(colours.scopeName).toBe(grammar?.scopeName);
  expect(source).toContain(`documentSelector: [{ language: '${language?.id}' }]`);
});

test('the settings and commands that the extension reads are declared, and those declared are read', () => {
  expect(Object.keys(contributes.configuration.properties)).toContain('nomnom.path');
  expect(source).toContain("getConfiguration('nomnom')");
  for (const { command } of contributes.commands) expect(source).toContain(`'${command}'`);
  for (const property of Object.values(contributes.configuration.properties))
    expect(property['description'] ?? property['markdownDescription']).toBeTypeOf('string');
});

test('the version that the language client needs is not newer than the editor that is asked for', () => {
  const path = join(folder, '../../node_modules/vscode-languageclient/package.json');
  const client = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const minor = (range: string): number => Number(/1\.(\d+)/.exec(range)?.[1]);
  expect(minor(client.engines.vscode)).toBeLessThanOrEqual(minor(manifest.engines.vscode));
});

test('the snippets make a program together', () => {
  const [file] = contributes.snippets;
  const snippets = Object.values(
    json(file?.path ?? '') as Record<string, { prefix: string; body: string[]; description: string }>,
  );
  const text = snippets.map(({ body }) => filled(body.join('\n'))).join('\n\n');
  // The list that the lines come from is the author's own field.
  const program = text.replace('  id: uuid\n', '  id: uuid\n  lines: Line[]\n');
  expect(renderText(analyze({ name: 'a.nom', text: program }).findings.filter(isError))).toBe('');
  expect(snippets.map(({ prefix }) => prefix).filter((word) => !keywordDocs.has(word))).toEqual([]);
});

/** A snippet as it stands when every placeholder was left as it is. */
function filled(body: string): string {
  const values = new Map<string, string>();
  const first = body.replaceAll(
    /\$\{(\d+)(?::([^}]*)|\|([^,|]*)[^}]*)\}/g,
    (_, number: string, value: string | undefined, choice: string | undefined) => {
      values.set(number, value ?? choice ?? '');
      return value ?? choice ?? '';
    },
  );
  return first.replaceAll(/\$(\d+)/g, (_, number: string) => values.get(number) ?? '');
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

test('a double click selects what the language calls a name', () => {
  const { wordPattern } = json('language-configuration.json') as { wordPattern: string };
  expect(wordPattern).toBe(Identifier.PATTERN instanceof RegExp ? Identifier.PATTERN.source : '');
});

test('the server is the one of the setting, of the folder, or of the PATH', () => {
  const linux = { exists: (path: string) => path === '/shop/node_modules/.bin/nomnom', platform: 'linux' };
  expect(serverCommand('', ['/shop'], linux)).toEqual({
    command: '/shop/node_modules/.bin/nomnom',
    args: ['lsp'],
    shell: false,
  });
  expect(serverCommand('', ['/other'], linux).command).toBe('nomnom');
  expect(serverCommand('', [], linux).command).toBe('nomnom');
  expect(serverCommand(' /opt/nomnom ', ['/shop'], linux).command).toBe('/opt/nomnom');
  const windows = { exists: () => false, platform: 'win32' };
  expect(serverCommand('C:\\Program Files\\nomnom.cmd', [], windows)).toEqual({
    command: '"C:\\Program Files\\nomnom.cmd"',
    args: ['lsp'],
    shell: true,
  });
});

test('a test runs with its title as one word; where a shell reads it, only with a title that means nothing to it', () => {
  const linux = { exists: () => false, platform: 'linux' };
  const asked = { file: '/shop/a.nom', title: 'a $(b) "c"' };
  expect(testCommand('', [], linux, asked)).toEqual({
    command: 'nomnom',
    args: ['test', '/shop/a.nom', '--name=a $(b) "c"'],
    shell: false,
  });
  const windows = { exists: () => false, platform: 'win32' };
  expect(testCommand('', [], windows, asked).args).toEqual(['test', '/shop/a.nom']);
  expect(testCommand('', [], windows, { ...asked, title: 'an order, twice' }).args).toContain(
    '--name=an order, twice',
  );
});
