import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** The findings of name resolution: family 1xx. */

export const UNKNOWN_NAME: CodeDescription = {
  code: 'NOM101',
  severity: 'error',
  title: 'a name is not declared',
  explanation: `Every name must be declared once in the program: entities, shapes, enums, derived entities, streams
and roles by their declaration, an alias by \`as\`, a column by a field of the stored entity.

\`\`\`nom
derive Line from Ordr as o { … }      // wrong: the entity is called Order
derive Line from Order as o { … }     // right
\`\`\``,
};

export const DUPLICATE_NAME: CodeDescription = {
  code: 'NOM102',
  severity: 'error',
  title: 'a name is declared twice',
  explanation: `Entities, shapes, enums, derived entities, lookups and functions share one set of names. Streams,
roles, secrets, the fields of one entity and the subjects of one stream each have their own set. A set has each name only once.

\`\`\`nom
entity Order { id: int  id: text }    // wrong: which id?
\`\`\``,
};

export const UNKNOWN_FIELD: CodeDescription = {
  code: 'NOM103',
  severity: 'error',
  title: 'a row has no such field',
  explanation: `\`alias.field\` reads a field of the row that the alias stands for. The entity, shape or derived entity must declare the
field. \`nomnom explain FILE\` lists them.`,
};

export const BAD_ATTRIBUTE: CodeDescription = {
  code: 'NOM104',
  severity: 'error',
  title: 'an attribute is unknown or in the wrong place',
  explanation: `Attributes of a field are \`@json("path")\`, \`@default(literal)\`, \`@body\`, \`@header("name")\` and \`@pii\`;
of an entity \`@strict\`. The first four say where a value is read from, so a computed field cannot have them.
They also exclude each other, except \`@json\` with \`@default\`.`,
};

export const BAD_SETTING: CodeDescription = {
  code: 'NOM105',
  severity: 'error',
  title: 'a setting is unknown or has an invalid value',
  explanation: `Pipelines, streams and roles have settings, \`name: value\`. Each takes one kind of value: a number, a duration
(\`30s\`), a size (\`64MB\`), a range of durations (\`1s..1m\`) or one of a few words. \`nomnom explain FILE\` prints the
value of every setting.`,
};

export const BAD_TYPE: CodeDescription = {
  code: 'NOM106',
  severity: 'error',
  title: 'a type is not valid',
  explanation: `A type may have parameters: \`text(79)\`, \`decimal(15, 2)\`. \`decimal\` always has both, precision and scale;
the other types have none. A list holds scalars, enums or shapes: \`text[]\`, \`Line[]\`.`,
};

export const UNKNOWN_FUNCTION: CodeDescription = {
  code: 'NOM107',
  severity: 'error',
  title: 'a function is unknown, or is called with the wrong arguments',
  explanation: 'Functions are called by name with their arguments in parentheses: `count(order_line_items)`.',
};

export const MISPLACED_DECLARATION: CodeDescription = {
  code: 'NOM108',
  severity: 'error',
  title: 'a declaration or member is in the wrong place',
  explanation: `A file has at most one \`pipeline\`. An entity has at most one \`store\`, a store at most one \`key\`, one
\`upsert\` and one \`prune by\`. An entity has at most one \`ordered by\`, one \`signed by\` and one
\`on_refused\`. A field of a derived entity always has a value,
\`name: type = expression\`. A shape never arrives alone; a source of a derivation is an entity, a derived entity, or a
list in one of the sources before it.`,
};

export const NO_DURATIONS: CodeDescription = {
  code: 'NOM109',
  severity: 'error',
  title: 'a duration is used in an expression',
  explanation: `Durations such as \`30s\` are values of settings. No field type and no operator accepts a duration. To add days to a date, use
\`add_days(date, days)\`.`,
};

export const JSON_PATH: CodeDescription = {
  code: 'NOM110',
  severity: 'error',
  title: 'a JSON path is not valid',
  explanation: `\`@json("customer.address.zip")\` names keys from the outside in, separated by dots. No key can be empty, or
\`__proto__\`: a message with this key is rejected, because it has another meaning in JavaScript. Every other name is a key like any
other, \`constructor\` and \`toString\` too.`,
};

export const BODY_AND_JSON: CodeDescription = {
  code: 'NOM111',
  severity: 'error',
  title: 'an entity has `@body` and also reads fields from JSON',
  explanation: `With \`@body\` the body is plain text and is not parsed, so no field can be read from it by name. Every other field of such an
entity comes from a header or is computed.

\`\`\`nom
entity Scan {
  raw: text @body
  at:  timestamp                  // wrong: the body is not parsed
  at:  text @header("x-at")       // right
}
\`\`\``,
};

export const MISPLACED_SKIP: CodeDescription = {
  code: 'NOM406',
  severity: 'error',
  title: '`skip()` is used outside of a derivation',
  explanation: `\`skip()\` drops the row that a derivation computes. The row of an entity is the message itself, and a function has no row. Use
\`fail("why")\` there; it rejects the message.

\`\`\`nom
entity Order { id: int  city: text = address ?? skip() }                  // wrong: this would drop the message
derive Line from Order as o, each o.lines as l { code = l.code ?? skip() }  // right: the other lines stay
\`\`\``,
};

export const BAD_IMPORT: CodeDescription = {
  code: 'NOM112',
  severity: 'error',
  title: 'an imported file cannot be read, or files import each other in a cycle',
  explanation: `\`import "parts/common.nom"\` brings all declarations of another file: shapes, enums, entities, derivations, functions,
lookups. The path is relative to the importing file. Imports cannot form a cycle. A file that is
imported twice is read once. An imported file has no \`pipeline\`, and its tests run only if it is tested itself.

The file must be a regular file of at most 4 MB whose name ends in \`.nom\`. It must be inside the folder of the program, or inside
the folder of \`--root\`. Links are resolved first.`,
};

export const BAD_LOOKUP: CodeDescription = {
  code: 'NOM113',
  severity: 'error',
  title: 'the file of a lookup cannot be read, or its values do not fit',
  explanation: `A lookup is a file of comma-separated values with a header. It is read when the program is checked. Every field is a
column of the header, every cell is a value of the field's type, and every key is unique. An empty cell is null if the field is
nullable. Columns without a field are ignored. A finding names the line and column of a cell and never shows its value.

The file must be a regular file of at most 64 MB. It must be inside the folder of the program, or inside the folder of \`--root\`.
Links are resolved first.

\`\`\`nom
lookup Countries "countries.csv" { code: text(2)  name: text  vat: decimal(4, 2)?  key (code) }
derive Address from Order as o { country: text? = Countries[o.country_code]?.name }
\`\`\``,
};
