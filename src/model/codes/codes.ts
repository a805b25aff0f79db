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
  explanation: `Entities, shapes, enums, derived entities, lookups and functions share one set of names; streams,
roles, the fields of one entity and the subjects of one stream have a set each. A name stands in its set once.

\`\`\`nom
entity Order { id: int  id: text }    // wrong: which id?
\`\`\``,
};

export const UNKNOWN_FIELD: CodeDescription = {
  code: 'NOM103',
  severity: 'error',
  title: 'a row has no such field',
  explanation: `\`alias.field\` reads a field of the row that the alias stands for; only fields that the entity, shape or
derived entity declares exist. \`nomnom explain FILE\` lists them.`,
};

export const BAD_ATTRIBUTE: CodeDescription = {
  code: 'NOM104',
  severity: 'error',
  title: 'an attribute is unknown or stands where it has no meaning',
  explanation: `Attributes of a field are \`@json("path")\`, \`@default(literal)\`, \`@body\`, \`@header("name")\` and \`@pii\`;
of an entity \`@strict\`. The first four say where a value is read from, so they have no meaning on a computed field
and exclude each other, except \`@json\` with \`@default\`.`,
};

export const BAD_SETTING: CodeDescription = {
  code: 'NOM105',
  severity: 'error',
  title: 'a setting is unknown or has a value that it cannot take',
  explanation: `Pipelines, streams and roles have settings, \`name: value\`. Each takes one kind of value: a number, a duration
(\`30s\`), a size (\`64MB\`), a range of durations (\`1s..1m\`) or one of a few words. \`nomnom explain FILE\` prints every
setting with the value in force.`,
};

export const BAD_TYPE: CodeDescription = {
  code: 'NOM106',
  severity: 'error',
  title: 'a type is written wrongly',
  explanation: `A type may have parameters: \`text(79)\`, \`decimal(15, 2)\`. \`decimal\` always has both, precision and scale;
the other types have none. A list holds scalars, enums or shapes: \`text[]\`, \`Line[]\`.`,
};

export const UNKNOWN_FUNCTION: CodeDescription = {
  code: 'NOM107',
  severity: 'error',
  title: 'a function is not known, or is called with other arguments than it takes',
  explanation: 'Functions are called by name with their arguments in parentheses: `count(order_line_items)`.',
};

export const MISPLACED_DECLARATION: CodeDescription = {
  code: 'NOM108',
  severity: 'error',
  title: 'a declaration or member stands where it has no meaning',
  explanation: `A file has at most one \`pipeline\`. An entity has at most one \`store\`, a store at most one \`key\`, one
\`upsert\` and one \`prune by\`. \`ordered by\` stands once, in an entity. A field of a derived entity always has a value,
\`name: type = expression\`. A shape never arrives alone; a source of a derivation is an entity, a derived entity, or a
list in one of the sources before it.`,
};

export const NO_DURATIONS: CodeDescription = {
  code: 'NOM109',
  severity: 'error',
  title: 'a duration stands in an expression',
  explanation: `Durations such as \`30s\` are values of settings. No type of a field holds one, and no operator takes one: dates move by
whole days with \`add_days(date, days)\`.`,
};

export const JSON_PATH: CodeDescription = {
  code: 'NOM110',
  severity: 'error',
  title: 'a JSON path is not valid',
  explanation: `\`@json("customer.address.zip")\` names keys from the outside in, separated by dots. No key may be empty.`,
};

export const BODY_AND_JSON: CodeDescription = {
  code: 'NOM111',
  severity: 'error',
  title: 'an entity takes its body as text and reads fields of it as JSON too',
  explanation: `With \`@body\` the body is any text and is not parsed, so that no field can be read from it by name. Every other
field of such an entity comes from a header or is computed.

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
  title: '`skip()` stands where no row is derived',
  explanation: `\`skip()\` drops the row that a derivation is computing. An entity's own row is the message, and a function has no row:
there \`fail("why")\` rejects the message.

\`\`\`nom
entity Order { id: int  city: text = address ?? skip() }                  // wrong: what would be left of the message?
derive Line from Order as o, each o.lines as l { code = l.code ?? skip() }  // right: the other lines stay
\`\`\``,
};

export const BAD_IMPORT: CodeDescription = {
  code: 'NOM112',
  severity: 'error',
  title: 'an imported file cannot be read, or files import each other in a circle',
  explanation: `\`import "parts/common.nom"\` brings all declarations of another file: shapes, enums, entities, derivations, functions,
lookups. The path is relative to the file that says it. Files never import each other in a circle; a file that is
imported twice counts once. An imported file names no pipeline, and its tests run only when it is tested itself.

Only a regular file is read, of at most 4 MB, with a name that ends in \`.nom\`, below the folder of the program or below
the folder of \`--root\`; where links lead is what counts.`,
};

export const BAD_LOOKUP: CodeDescription = {
  code: 'NOM113',
  severity: 'error',
  title: 'the file of a lookup cannot be read, or its values do not fit',
  explanation: `A lookup is a file of comma-separated values with a header. It is read when the program is checked: every field is a
column of the header, every cell a value of the field's type, every key stands once. An empty cell is null where the
field may be null. Columns that no field names are left out. A finding names the line and column of a cell and never shows it.

Only a regular file is read, of at most 64 MB, below the folder of the program or below the folder of \`--root\`; where
links lead is what counts.

\`\`\`nom
lookup Countries "countries.csv" { code: text(2)  name: text  vat: decimal(4, 2)?  key (code) }
derive Address from Order as o { country: text? = Countries[o.country_code]?.name }
\`\`\``,
};
