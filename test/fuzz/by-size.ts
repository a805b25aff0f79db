/*
 * Programs of any size for each construct of the language. A chain of a thousand is what a program that writes programs
 * makes; the checker has an answer for it, or a bound that it names.
 */

const rep = (n: number, f: (i: number) => string, sep = '\n') =>
  Array.from({ length: n }, (_, i) => f(i)).join(sep);
const store = (t: string, more = '') => `store ${t} { key (id)  upsert on (id) ${more} }`;
const e = (body: string, before = '') => `${before}\nentity E { id: int  s: text  ${body}  ${store('e')} }\n`;
/** Each construct again and again: side by side, in a chain, in a circle, or inside itself. */
export const constructs: Readonly<Record<string, (times: number) => string>> = {
  chainBack: (n) =>
    e('') +
    rep(
      n,
      (i) =>
        `derive D${n - i} from ${i === n - 1 ? 'E' : `D${n - i - 1}`} as x { id = x.id ${store(`d${n - i}`)} }`,
    ),
  chainPlain: (n) =>
    e('') +
    rep(n, (i) => `derive D${i} from ${i === 0 ? 'E' : `D${i - 1}`} as x { id = x.id }`) +
    `derive Z from D${n - 1} as x { id = x.id ${store('z')} }`,
  circle: (n) =>
    e('') + rep(n, (i) => `derive D${i} from D${(i + 1) % n} as x { id = x.id ${store(`d${i}`)} }`),
  refcircle: (n) =>
    rep(n, (i) => `entity E${i} { id: int  ${store(`e${i}`, `ref (id) -> E${(i + 1) % n} (id)`)} }`),
  refChain: (n) =>
    rep(
      n,
      (i) => `entity E${i} { id: int  ${store(`e${i}`, i === n - 1 ? '' : `ref (id) -> E${i + 1} (id)`)} }`,
    ),
  versions: (n) =>
    rep(
      n,
      (i) =>
        `entity E${i} { id: int  v: int  gone: bool  store e${i} { key (id)  upsert on (id) newest by v  delete when gone } }`,
    ),
  counters: (n) =>
    `entity E { id: int  store e { key (id)  upsert on (id) keep } }` +
    rep(
      n,
      (i) =>
        `derive D${i} from ${i === 0 ? 'E' : `D${i - 1}`} as x { id = x.id  n = 1  store d${i} { key (id)  upsert on (id) add (n) } }`,
    ),
  merges: (n) =>
    `entity E { id: int  c: int?  }` +
    rep(
      n,
      (i) =>
        `derive D${i} from ${i === 0 ? 'E' : `D${i - 1}`} as x { id = x.id  c = x.c ?? 1  store d${i} { key (id)  upsert on (id) merge } }`,
    ),
  listsOf: (n) =>
    rep(
      n,
      (i) =>
        `entity E${i} { id: int  l: int[]  ${store(`e${i}`)} }
         derive D${i} from E${i} as e, each e.l as v { id = e.id  x = v  store d${i} { key (id, x)  upsert on (id, x)  prune by (id) } }`,
    ),
  fnCircle: (n) => rep(n, (i) => `fn f${i}(s: text) -> text = f${(i + 1) % n}(s)`) + e('t = f0(s)'),
  fnChain: (n) =>
    rep(n, (i) => `fn f${i}(s: text) -> text = ${i === 0 ? 's' : `f${i - 1}(s)`}`) + e(`t = f${n - 1}(s)`),
  shapeChain: (n) =>
    rep(n, (i) => `shape S${i} { ${i === 0 ? 'x: int' : `a: S${i - 1}?`} }`) + e(`s2: S${n - 1}`),
  spreadChain: (n) =>
    rep(n, (i) => `shape S${i} { ${i === 0 ? 'x: int' : `...S${i - 1}`} }`) + e(`...S${n - 1}`),
  fnTwice: (n) =>
    rep(n, (i) => `fn f${i}(s: text) -> text = ${i === 0 ? 's' : `concat(f${i - 1}(s), f${i - 1}(s))`}`) +
    e(`t = f${Math.min(n, 300) - 1}(s)`),
  shapesTwice: (n) =>
    rep(n, (i) => `shape S${i} { ${i === 0 ? 'x: int' : `a: S${i - 1}  b: S${i - 1}`} }`) +
    e(`s2: S${n - 1}`),
  spreadTwice: (n) =>
    rep(n, (i) => `shape S${i} { ${i === 0 ? 'x: int' : `...S${i - 1}  ...S${i - 1}`} }`) + e(`...S${n - 1}`),
  spreadCircle: (n) => rep(n, (i) => `shape S${i} { ...S${(i + 1) % n} }`) + e(`...S0`),
  spreadUnstored: (n) => rep(n, (i) => `shape S${i} { ...S${(i + 1) % n} }`) + 'entity E { id: int  ...S0 }',
  spreadTwiceUnstored: (n) =>
    rep(n, (i) => `shape S${i} { ${i === 0 ? 'x: int' : `...S${i - 1}  ...S${i - 1}`} }`) +
    `entity E { id: int  ...S${n - 1} }`,
  shapeCircle: (n) => rep(n, (i) => `shape S${i} { a: S${(i + 1) % n}? }`) + e(`s2: S0`),
  fieldCircle: (n) => e(rep(n, (i) => `c${i} = c${(i + 1) % n}`)),
  fieldBack: (n) => e(rep(n, (i) => `c${i} = ${i === n - 1 ? 'id' : `c${i + 1}`}`)),
  fieldsRead: (n) =>
    `entity E { id: int  ${rep(n, (i) => `c${i} = ${i === n - 1 ? 'id' : `c${i + 1}`}`)}  check c0 > 1 }
     derive D from E as e { id = e.c0  ${store('d')} }`,
  fieldTwice: (n) => e(rep(n, (i) => `c${i} = ${i === 0 ? 's' : `concat(c${i - 1}, c${i - 1})`}`)),
  match: (n) => e(`t = match s { ${rep(n, (i) => `"v${i}" -> "w${i}"`)} else -> "x" }`),
  matchNest: (n) =>
    e(`t = ${rep(n, (i) => `match s { "v${i}" -> "w${i}" else -> `, '')} "x" ${'}'.repeat(n)}`),
  ifChain: (n) => e(`t = ${rep(n, (i) => `if id == ${i} then "a"`, ' else ')} else "b"`),
  parens: (n) => e(`t = ${'('.repeat(n)} id ${')'.repeat(n)}`),
  nots: (n) => e(`check ${'not '.repeat(n)} (id > 1)`),
  indexes: (n) => e(`l: int[]  t = l${'[0]'.repeat(n)}`),
  optionals: (n) => e(`t = s${'?.a'.repeat(n)}`),
  matches: (n) => e(`t = ${rep(n, () => 'match s { else -> 1 }', ' + ')}`),
  signsInCalls: (n) => e(`t = ${`concat(s, ${'- '.repeat(n)}`.repeat(20)} id ${')'.repeat(20)}`),
  sumsAroundParens: (n) => e(`t = ${'('.repeat(20)} id ${`${' + id'.repeat(n)})`.repeat(20)}`),
  minus: (n) => e(`t = ${'- '.repeat(n)} id`),
  plus: (n) => e(`t = ${rep(n, () => 'id', ' + ')}`),
  ands: (n) => e(`check ${rep(n, (i) => `id > ${i}`, ' and ')}`),
  coalesce: (n) => e(`t = ${rep(n, () => 's', ' ?? ')}`),
  concat: (n) => e(`t = concat(${rep(n, () => 's', ', ')})`),
  calls: (n) => e(`t = ${'trim('.repeat(n)} s ${')'.repeat(n)}`),
  publishMany: (n) =>
    e('') +
    rep(n, (i) => `stream T${i} { subject ingest = "t${i}.ingest.{entity}" }`) +
    `\nrole r { ${rep(n, (i) => `publish T${i}.ingest`)} }`,
  publishAndConsume: (n) =>
    e('') +
    rep(n, (i) => `stream T${i} { subject ingest = "t${i}.ingest.{entity}" }`) +
    rep(n, (i) => `role r${i} { publish T${i}.ingest  consume T${i}.ingest }`),
  consumeOnly: (n) =>
    rep(n, (i) => `entity E${i} { id: int  ordered by (id)  ${store(`e${i}`)} }`) +
    'stream T { subject ingest = "t.{entity}" } role p { publish T.ingest }\n' +
    rep(n, (i) => `role r${i} { consume T.ingest only E${i} }`),
  subjectsAlike: (n) => e('') + rep(n, (i) => `stream T${i} { subject ingest = "t.{entity}" }`),
  subjectsOpen: (n) =>
    e('') + rep(n, (i) => `stream T${i} { subject ingest = "${i % 2 === 0 ? '{entity}' : `t${i}`}.s${i}" }`),
  publishSame: (n) =>
    e('') +
    'stream T { subject ingest = "t.ingest.{entity}" }' +
    `\nrole r { ${rep(n, () => `publish T.ingest`)} }`,
  subjects: (n) => e('') + `stream T { ${rep(n, (i) => `subject s${i} = "t.s${i}.{entity}"`)} }`,
  streams: (n) => e('') + rep(n, (i) => `stream T${i} { subject ingest = "t${i}.ingest.{entity}" }`),
  roles: (n) =>
    e('') +
    'stream T { subject ingest = "t.ingest.{entity}" }\n' +
    rep(n, (i) => `role r${i} { consume T.ingest }`),
  enums: (n) =>
    `enum K { ${rep(n, (i) => `A${i}`)} }` + e(`k: K  t = match k { ${rep(n, (i) => `A${i} -> ${i}`)} }`),
  checks: (n) => e(rep(n, (i) => `check id > ${i} "m${i}"`)),
  fields: (n) => e(rep(n, (i) => `f${i}: int?`)),
  uniques: (n) =>
    e(rep(n, (i) => `f${i}: int`)).replace('key (id)', `key (id) ${rep(n, (i) => `unique (f${i})`)}`),
  keyCols: (n) =>
    e(rep(n, (i) => `f${i}: int`)).replace('key (id)', `key (id, ${rep(n, (i) => `f${i}`, ', ')})`),
  stores: (n) => `entity E { id: int  ${rep(n, (i) => store(`e${i}`))} }`,
  sources: (n) => e('') + `derive D from ${rep(n, (i) => `E as e${i}`, ', ')} { id = e0.id ${store('d')} }`,
  eaches: (n) =>
    e('l: int[]') +
    `derive D from E as e, ${rep(n, (i) => `each e.l as l${i}`, ', ')} { id = e.id ${store('d')} }`,
  derives: (n) => e('') + rep(n, (i) => `derive D${i} from E as x { id = x.id ${store(`d${i}`)} }`),
  merged: (n) => rep(n, (i) => `entity E${i} { id: int  ${store('same')} }`),
  sameNames: (n) => rep(n, () => `entity E { id: int  ${store('e')} }`),
  attributes: (n) => e(`x: int ${'@default(1) '.repeat(n)}`),
  jsonPath: (n) => e(`x: int @json("${rep(n, () => 'a', '.')}")`),
  lookups: (n) => `lookup L { k: text  v: int } [${rep(n, (i) => `["k${i}", ${i}]`, ', ')}]` + e(''),
  tests: (n) => e('') + rep(n, (i) => `test "t${i}" { given E { id: ${i}  s: "a" } expect e { id: ${i} } }`),
  docs: (n) => rep(n, (i) => `/// doc ${i}`) + e(''),
  comments: (n) => rep(n, (i) => `// c ${i}`) + e(''),
  braces: (n) => '{'.repeat(n),
  closers: (n) => '}'.repeat(n),
  opens: (n) => 'entity E { '.repeat(n),
  commas: (n) => e(rep(n, (i) => `f${i}: int,`)),
  semicolons: (n) => e(rep(n, (i) => `f${i}: int;`)),
  habits: (n) => e(rep(n, (i) => `f${i}?: int`)),
  dashes: (n) => e(rep(n, (i) => `- f${i}: int`)),
  badTypes: (n) => e(rep(n, (i) => `f${i}: string`)),
  badWords: (n) => e(rep(n, (i) => `f${i} int`)),
  badDecls: (n) => rep(n, (i) => `entitty E${i} { id: int }`),
  junk: (n) => '@ '.repeat(n),
  strays: (n) => '\u0001'.repeat(n) + '§ '.repeat(n),
  quotes: (n) => '"\n'.repeat(n),
  singles: (n) => "'a' ".repeat(n),
  longName: (n) => e('x'.repeat(n * 50) + ': int'),
  longText: (n) => e(`check id > 0 "${'y'.repeat(n * 50)}"`),
  longNumber: (n) => e(`t = ${'9'.repeat(n)}`),
  templates: (n) => e(`t = \`${'${s}'.repeat(n)}\``),
  bars: (n) => e(`t = ${rep(n, () => 's', ' || ')}`),
  createTable: (n) => `create table t (${rep(n, (i) => `c${i} int`, ', ')});`,
  listTypes: (n) => e('x: int' + '[]'.repeat(n)),
  questions: (n) => e('x: int' + '?'.repeat(n)),
  dots: (n) => e('t = s' + '.a'.repeat(n)),
  hyphens: (n) => e('a' + '-b'.repeat(n) + ': int'),
  wheres: (n) => e('') + 'derive D from E as x ' + 'where x.id > 1 '.repeat(n) + '{ id = x.id }',
  secrets: (n) => rep(n, (i) => `secret S${i}`) + e(''),
};
