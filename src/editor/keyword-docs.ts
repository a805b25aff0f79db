import type { ContextualWord, reservedWords } from '../../grammar/tokens.ts';

type ReservedWord = (typeof reservedWords)[number];

/** What the words of the language mean, for completion and hover. Words that only join others have none. */
export const keywordDocs: ReadonlyMap<string, string> = new Map<ContextualWord | ReservedWord, string>([
  ['pipeline', 'Names the pipeline. Without it, the pipeline has the name of the file.'],
  ['import', 'Brings the declarations of another file.'],
  ['enum', 'A closed set of texts.'],
  [
    'shape',
    'A reusable set of fields: a nested object, or columns that several entities share. It never arrives alone.',
  ],
  ['entity', 'A message that arrives from outside. Its name is part of the URL and of the subject.'],
  ['derive', 'Rows computed from an entity or from other derived entities.'],
  ['lookup', 'A table from a CSV file: `Countries[code]?.name` reads it.'],
  ['fn', 'A function of your own.'],
  [
    'secret',
    'The name of a secret. Its value comes from the environment variable of that name, or from the file that `NAME_FILE` names.',
  ],
  ['stream', 'A JetStream stream and the subjects that it captures.'],
  ['role', 'A kind of process: what it publishes, what it consumes, and its limits.'],
  ['test', 'Messages and the expected results. `nomnom test` runs it.'],
  ['each', 'One row for each element of a list, or for each row of a repeated source.'],
  ['optional', 'Null if the source has no row.'],
  ['where', 'Keeps only the rows for which this is true.'],
  ['check', 'Rejects the message if this is not true.'],
  [
    'ordered',
    '`ordered by (customer)`: the messages of one key are applied in the order in which they were accepted, by any number of workers.',
  ],
  [
    'signed',
    '`signed by github(SECRET)`: only requests that the holder of the secret signed are accepted; they need no API key.',
  ],
  [
    'on_refused',
    '`on_refused: dead_letter`: a message that the entity refuses is answered with 202 and kept as a dead letter.',
  ],
  ['answer', 'The sender is told that its message is refused, and why. This is the default.'],
  ['store', 'The table for the rows. Without a store, the rows are transient.'],
  [
    'existing',
    'The table is yours: nomnom creates and alters nothing, and compares it with the file before it starts.',
  ],
  ['key', 'The primary key.'],
  ['unique', 'A unique constraint.'],
  ['nulls', '`nulls equal`: two nulls are the same value for this constraint.'],
  ['upsert', 'What to do if a row with the same key exists.'],
  ['replace', 'The new row overwrites the existing one. This is the default.'],
  ['keep', 'The first row wins.'],
  ['merge', 'Only values that are not null overwrite.'],
  ['newest', '`newest by version`: writes the row only if its version is larger.'],
  ['add', 'The named columns are added up, the others are replaced.'],
  ['ref', 'A foreign key; parents are written first.'],
  ['soft', 'No constraint: the parent can arrive later.'],
  ['index', 'An index that is not unique.'],
  ['prune', 'Deletes the rows of these parents that the message no longer lists.'],
  ['delete', '`delete when …`: the message deletes the row with its key.'],
  [
    'duplicates',
    'What is left of different rows of one message with one key. Without it, they reject the message.',
  ],
  ['first', '`duplicates first`: of different rows of one message with one key, the first is written.'],
  ['last', '`duplicates last`: of different rows of one message with one key, the last is written.'],
  ['subject', 'A subject of the stream; `{entity}` stands for the name of the entity.'],
  ['publish', 'What the role writes to.'],
  ['consume', 'What the role reads from.'],
  ['only', 'The entities to consume. Without it, all of them.'],
  [
    'dead_letter',
    'In a role, where dead letters are published. Behind `on_refused:`, a refused message is kept as one.',
  ],
  ['given', 'A message of the test.'],
  ['expect', 'What must be true after the messages: a condition, a row, or a rejection.'],
  ['match', 'A value by cases: `match x { "A" -> 1  else -> 2 }`.'],
  ['if', '`if c then a else b`.'],
]);
