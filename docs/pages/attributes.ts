import { attributeDocs } from '../../src/editor/attribute-docs.ts';
import { code, table } from './markdown.ts';

/** `docs/reference/attributes.md`: what may stand behind an `@`. */
export function attributesPage(): string {
  const rows = attributeDocs.map(({ form, on, doc }) => [code(`@${form}`), on, doc]);
  return [
    '# Attributes',
    'Write an attribute of a field after its type, and an attribute of an entity after its name. `@json`, `@body` and `@header`',
    'exclude each other. A computed field cannot have them.',
    '',
    table(['attribute', 'of', 'meaning'], rows),
  ].join('\n');
}
