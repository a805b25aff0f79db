/** What the attributes mean, for hover and completion. */
export interface AttributeDoc {
  readonly name: string;
  /** Where it may stand. */
  readonly on: 'field' | 'entity';
  /** As a program writes it, without the `@`. */
  readonly form: string;
  readonly doc: string;
}

export const attributeDocs: readonly AttributeDoc[] = [
  {
    name: 'json',
    on: 'field',
    form: 'json("customer.address.zip")',
    doc: 'Reads the field from another JSON key than its name, or from a path of keys. A value on the way that is no object rejects the message.',
  },
  { name: 'default', on: 'field', form: 'default(1)', doc: 'The value if the JSON key is absent.' },
  { name: 'body', on: 'field', form: 'body', doc: 'Takes the raw request body as text.' },
  { name: 'header', on: 'field', form: 'header("x-name")', doc: 'Reads the field from a request header.' },
  { name: 'pii', on: 'field', form: 'pii', doc: 'Keeps the value out of logs and of the texts of errors.' },
  {
    name: 'strict',
    on: 'entity',
    form: 'strict',
    doc: 'Rejects messages with keys that no field reads, at any depth. Without it, such keys are ignored and counted.',
  },
];
