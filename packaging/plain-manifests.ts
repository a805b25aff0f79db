const HEAD = `# Written by \`npm run build:kubernetes\` from the chart and deploy/kubernetes/values.yaml: change those.
`;

export interface PlainManifests {
  /** What runs first, and to its end. */
  readonly apply: string;
  readonly roles: string;
}

/** Divides what \`helm template\` printed into what its hooks would make and the rest, without the words of Helm. */
export function plainManifests(rendered: string): PlainManifests {
  const documents = rendered
    .split(/^---$/m)
    .map((text) => text.replace(/^# Source: .*\n/gm, '').trim())
    .filter((text) => text !== '');
  const isHook = (text: string): boolean => /^ {4}helm\.sh\/hook:/m.test(text);
  const joined = (texts: readonly string[]): string => `${HEAD}${texts.map(plain).join('\n---\n')}\n`;
  return {
    apply: joined(documents.filter(isHook)),
    roles: joined(documents.filter((text) => !isHook(text))),
  };
}

function plain(text: string): string {
  return (
    text
      .replace(/^ +(helm\.sh\/|app\.kubernetes\.io\/managed-by:).*\n/gm, '')
      // Where nothing is left of the annotations.
      .replace(/^( +)annotations:\n(?!\1 )/gm, '')
  );
}
