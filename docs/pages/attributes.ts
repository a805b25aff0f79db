import { attributeDocs } from '../../src/editor/attribute-docs.ts';
import { code, table } from './markdown.ts';

/** `docs/reference/attributes.md`: what may stand behind an `@`. */
export function attributesPage(): string {
  const rows = attributeDocs.map(({ form, on, doc }) => [code(`@${form}`), on, doc]);
  return [
    '# Attributes',
    'An attribute of a field stands behind its type, one of an entity behind its name. `@json`, `@body` and `@header` exclude',
    'each other; a computed field has none of them.',
    '',
    table(['attribute', 'of', 'meaning'], rows),
  ].join('\n');
}
