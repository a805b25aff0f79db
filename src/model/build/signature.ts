import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import { signatureSchemes } from '../../signatures/registry.ts';
import type { SchemeParameter, SignatureScheme } from '../../signatures/scheme.ts';
import type { LiteralTree } from '../../syntax/expression-tree.ts';
import type { SignedTree } from '../../syntax/tree.ts';
import { UNKNOWN_NAME } from '../codes/codes.ts';
import { BAD_SIGNATURE } from '../codes/signature-codes.ts';
import type { RecordModel, SecretModel, SignatureModel } from '../program.ts';
import { suggestion } from '../suggestion.ts';
import { onceInEntity } from './once-in-entity.ts';

type Secrets = ReadonlyMap<string, SecretModel>;

const SIGNED = {
  words: 'signed by',
  twice: 'remove one of the two; a secret may have several values while it is exchanged',
};

/** The `signed by` of a record; nothing where it has none, may have none, or has a wrong one. */
export function resolveSignature(
  record: RecordModel,
  secrets: Secrets,
  report: Report,
): SignatureModel | undefined {
  const quiet: Report = record.broken ? () => {} : report;
  const tree = onceInEntity<SignedTree>(record, 'signed', SIGNED, report);
  if (tree === undefined) return undefined;
  const scheme = signatureSchemes.get(tree.scheme.text);
  if (scheme === undefined) {
    const known = [...signatureSchemes.keys()];
    quiet(
      finding(BAD_SIGNATURE, tree.scheme.span, `there is no signature scheme \`${tree.scheme.text}\``, {
        label: 'unknown scheme',
        help: suggestion(tree.scheme.text, known),
      }),
    );
    return undefined;
  }
  const secret = secretOf(tree, scheme, secrets, quiet);
  const options = optionsOf(tree, scheme, quiet);
  return secret === undefined || options === undefined ? undefined : { scheme, secret, options, tree };
}

function secretOf(
  tree: SignedTree,
  scheme: SignatureScheme,
  secrets: Secrets,
  report: Report,
): SecretModel | undefined {
  const [argument] = tree.arguments;
  if (argument?.kind !== 'word') {
    const name = `${scheme.name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_SECRET`;
    const declared = [...secrets.keys()][0];
    const form = formOf(scheme, declared ?? name);
    const help = `write \`${form}\`${declared === undefined ? `, and \`secret ${name}\` before the entity` : ''}`;
    const message =
      argument === undefined
        ? `\`${scheme.name}\` takes the name of a secret`
        : 'a secret is named, and its value stands outside of the file';
    const span = argument === undefined ? tree.span : { ...tree.span, start: tree.scheme.span.start };
    report(
      finding(BAD_SIGNATURE, span, message, {
        label: argument === undefined ? 'no secret' : 'not the name of a secret',
        help,
      }),
    );
    return undefined;
  }
  const secret = secrets.get(argument.value);
  if (secret === undefined)
    report(
      finding(UNKNOWN_NAME, argument.span, `there is no secret \`${argument.value}\``, {
        label: 'not declared',
        help: suggestion(argument.value, [...secrets.keys()]) ?? `declare \`secret ${argument.value}\``,
      }),
    );
  return secret;
}

function optionsOf(
  tree: SignedTree,
  scheme: SignatureScheme,
  report: Report,
): Readonly<Record<string, string>> | undefined {
  const given = tree.arguments.slice(1);
  const { parameters } = scheme;
  const extra = given[parameters.length];
  const missing = parameters.slice(given.length).find(({ required }) => required);
  if (extra !== undefined || (missing !== undefined && tree.arguments.length > 0)) {
    const what = missing === undefined ? 'too many arguments' : `no ${missing.name}`;
    report(
      finding(BAD_SIGNATURE, (extra ?? tree).span, `\`${scheme.name}\` has ${what}`, {
        help: `write \`${formOf(scheme)}\``,
      }),
    );
    return undefined;
  }
  const options: Record<string, string> = {};
  let sound = true;
  for (const [at, argument] of given.entries()) {
    const parameter = parameters[at];
    if (parameter === undefined) continue;
    const value = valueOf(parameter, argument);
    if (value === undefined) {
      sound = false;
      report(
        finding(
          BAD_SIGNATURE,
          argument.span,
          `the ${parameter.name} of \`${scheme.name}\` is ${parameter.takes}`,
          {
            label: `not ${parameter.takes}`,
          },
        ),
      );
    } else options[parameter.name] = value;
  }
  return sound ? options : undefined;
}

function valueOf(parameter: SchemeParameter, argument: LiteralTree): string | undefined {
  return argument.kind === 'string' || argument.kind === 'word' ? parameter.read(argument.value) : undefined;
}

/** How a program writes the scheme: `hmac(SECRET, header, algorithm, encoding)`. */
function formOf({ name, parameters }: SignatureScheme, secret = 'SECRET'): string {
  return `${name}(${[secret, ...parameters.filter(({ required }) => required).map((each) => each.name)].join(', ')})`;
}
