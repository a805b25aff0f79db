import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { flatRows, generatorVersion, HOW_TO_INSTALL } from './dbgen.ts';
import type { MessageKind } from './messages.ts';
import { expectedMessages, messageKinds, messageText } from './messages.ts';
import { alone, nest } from './nest.ts';

const HELP = `Makes TPC-H messages as NDJSON, one file for each entity of pipelines/tpch.nom.

Usage: node pipelines/tpch/generate.ts [--scale N] [--out FOLDER] [--only NAME] [--generator PATH] [--quiet]

  --scale N         scale factor, 1 is about 1 GB of flat rows (default 0.001)
  --out FOLDER      where the files go, made if missing (default tpch-SCALE)
  --only NAME       one of ${messageKinds.map((kind) => kind.name).join(', ')}; may be repeated
  --generator PATH  the tpchgen-cli program (default: from the PATH)
  --quiet           no progress

${HOW_TO_INSTALL}
`;

interface Request {
  readonly program: string;
  readonly scale: number;
  readonly folder: string;
  readonly kinds: readonly MessageKind[];
  readonly progress: (line: string) => void;
}

/** Rows of both levels that were written. */
interface Written {
  readonly messages: number;
  readonly children: number;
}

const REPORT_EVERY = 20_000;

async function writeKind(kind: MessageKind, request: Request): Promise<Written> {
  const { program, scale } = request;
  const rows = flatRows(program, kind.table, scale);
  const source =
    kind.child === undefined ? alone(rows) : nest(rows, flatRows(program, kind.child.table, scale));
  const total = expectedMessages(kind, scale);
  const file = createWriteStream(join(request.folder, `${kind.name}.ndjson`));
  let messages = 0;
  let children = 0;
  for await (const each of source) {
    if (!file.write(messageText(kind, each.row, each.children) + '\n')) await once(file, 'drain');
    messages += 1;
    children += each.children.length;
    if (messages % REPORT_EVERY === 0) {
      request.progress(`${kind.name}: ${messages} of ${total} (${Math.floor((100 * messages) / total)} %)`);
    }
  }
  file.end();
  await finished(file);
  if (messages !== total) throw new Error(`${kind.name}: ${messages} messages where ${total} are expected`);
  return { messages, children };
}

/** On a terminal the line is written over; elsewhere only results are printed. */
function progressLine(quiet: boolean): (line: string) => void {
  if (quiet || !process.stderr.isTTY) return () => {};
  return (line) => process.stderr.write(`\r\x1b[K${line}`);
}

function requestOf(argv: readonly string[]): Request | string {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      scale: { type: 'string', default: '0.001' },
      out: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      generator: { type: 'string', default: 'tpchgen-cli' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return HELP;
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 1000)) throw new Error(`--scale ${values.scale}: a number over 0, up to 1000`);
  const unknown = values.only.find((name) => !messageKinds.some((kind) => kind.name === name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: no such message`);
  return {
    program: values.generator,
    scale,
    folder: values.out ?? `tpch-${values.scale}`,
    kinds: messageKinds.filter((kind) => values.only.length === 0 || values.only.includes(kind.name)),
    progress: progressLine(values.quiet),
  };
}

async function main(): Promise<number> {
  const request = requestOf(process.argv.slice(2));
  if (typeof request === 'string') {
    process.stdout.write(request);
    return 0;
  }
  const version = generatorVersion(request.program);
  if (version === undefined) {
    process.stderr.write(`${request.program} cannot be run.\n${HOW_TO_INSTALL}\n`);
    return 2;
  }
  await mkdir(request.folder, { recursive: true });
  for (const kind of request.kinds) {
    const { messages, children } = await writeKind(kind, request);
    request.progress('');
    const nested = kind.child === undefined ? '' : `, ${children} ${kind.child.field}`;
    process.stdout.write(
      `${join(request.folder, `${kind.name}.ndjson`)}: ${messages} messages${nested} (${version})\n`,
    );
  }
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
