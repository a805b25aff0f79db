/** A value of the chart: its path with dots, its default as written, and the comment above it. */
export interface ChartValue {
  readonly path: string;
  readonly standard: string;
  readonly about: string;
}

/** Reads values.yaml line by line, because a parser of YAML would not say which comment stands above which key. */
export function chartValues(text: string): readonly ChartValue[] {
  const values: ChartValue[] = [];
  const parents: { readonly indent: number; readonly name: string }[] = [];
  let comment: string[] = [];
  const flush = () => {
    comment = [];
  };
  for (const line of text.split('\n')) {
    const [, said] = /^ *# (.*)$/.exec(line) ?? [];
    if (said !== undefined) {
      comment.push(said);
      continue;
    }
    const [, spaces, name, standard] = /^( *)(\w+):(?: (.*))?$/.exec(line) ?? [];
    if (spaces === undefined || name === undefined) {
      flush();
      continue;
    }
    while ((parents.at(-1)?.indent ?? -1) >= spaces.length) parents.pop();
    const path = [...parents.map((parent) => parent.name), name].join('.');
    if (standard !== undefined) values.push({ path, standard, about: comment.join(' ') });
    else {
      parents.push({ indent: spaces.length, name });
      if (comment.length > 0) values.push({ path, standard: '', about: comment.join(' ') });
    }
    flush();
  }
  return values;
}
