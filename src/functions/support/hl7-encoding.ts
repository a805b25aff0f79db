/** The characters that structure an HL7 v2 message; empty where it has none for a purpose. */
export interface Hl7Encoding {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  readonly truncation: string;
}

/** What the standard recommends, and what every segment is written in once it is cut out of its message. */
export const STANDARD: Hl7Encoding = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
  truncation: '#',
};

/** Whether a segment begins a message or a batch: its field 1 is the separator itself, its field 2 the other five. */
export function isHeader(segment: string): boolean {
  return /^(?:MSH|FHS|BHS)(?![A-Za-z0-9])/.test(segment);
}

/** The encoding that a header declares: `MSH|^~\&`, of which versions before 2.7 lack the last, `#`. */
export function encodingOf(header: string): Hl7Encoding {
  const field = header.charAt(3);
  if (field === '') return STANDARD;
  const [declared = ''] = header.slice(4).split(field, 1);
  const [component = '', repetition = '', escape = '', subcomponent = '', truncation = ''] = declared;
  return { field, component, repetition, escape, subcomponent, truncation };
}

/** Whether texts of the encoding mean the same when they are read in the standard one. */
export function isStandard(encoding: Hl7Encoding): boolean {
  const { field, component, repetition, escape, subcomponent, truncation } = encoding;
  return (
    field === STANDARD.field &&
    component === STANDARD.component &&
    repetition === STANDARD.repetition &&
    escape === STANDARD.escape &&
    subcomponent === STANDARD.subcomponent &&
    (truncation === '' || truncation === STANDARD.truncation)
  );
}

/** The escape sequences that stand for one of the structuring characters. */
export function escapedCharacter(sequence: string, encoding: Hl7Encoding): string | undefined {
  switch (sequence) {
    case 'F':
      return encoding.field;
    case 'S':
      return encoding.component;
    case 'R':
      return encoding.repetition;
    case 'E':
      return encoding.escape;
    case 'T':
      return encoding.subcomponent;
    case 'P':
      return encoding.truncation;
    default:
      return undefined;
  }
}
