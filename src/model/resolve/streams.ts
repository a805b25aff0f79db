import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { Name } from '../../syntax/name.ts';
import type { PathTree, StreamTree } from '../../syntax/tree.ts';
import { MISPLACED_DECLARATION } from '../codes/codes.ts';
import { reportDuplicate } from '../collect/declarations.ts';
import type { StreamModel, SubjectModel } from '../program.ts';
import { readSettings } from './read-settings.ts';
import { suggestion } from '../suggestion.ts';

/** The declared streams, or the one that a pipeline has by default. */
export function resolveStreams(
  pipeline: string,
  trees: ReadonlyMap<string, StreamTree>,
  report: Report,
): readonly StreamModel[] {
  if (trees.size === 0) return [defaultStream(pipeline)];
  return [...trees.values()].map((tree) => {
    const quiet: Report = tree.broken ? () => {} : report;
    const subjects: SubjectModel[] = [];
    const names = new Map<string, Name>();
    for (const subject of tree.subjects) {
      const first = names.get(subject.name.text);
      if (first !== undefined) {
        reportDuplicate(subject.name, first, quiet);
        continue;
      }
      names.set(subject.name.text, subject.name);
      subjects.push({
        stream: tree.name.text,
        name: subject.name.text,
        template: subject.pattern.value,
        tree: subject,
      });
    }
    if (subjects.length === 0)
      quiet(
        finding(MISPLACED_DECLARATION, tree.name.span, `the stream ${tree.name.text} has no subject`, {
          help: `for example \`subject ingest = "${pipeline}.ingest.{entity}"\``,
        }),
      );
    return {
      name: tree.name.text,
      subjects,
      settings: readSettings('stream', tree.settings, quiet),
      tree,
    };
  });
}

function defaultStream(pipeline: string): StreamModel {
  const stream = pipeline.toUpperCase();
  return {
    name: stream,
    subjects: [{ stream, name: 'ingest', template: `${pipeline}.ingest.{entity}` }],
    settings: readSettings('stream', [], () => {}),
  };
}

/** Made once for all paths that are wrong. */
const pathsOf = new WeakMap<readonly StreamModel[], readonly string[]>();

function subjectPaths(streams: readonly StreamModel[]): readonly string[] {
  return streams.flatMap((each) => each.subjects.map((subject) => `${each.name}.${subject.name}`));
}

/** Says what is wrong with a path that names no subject; nothing where a syntax error in the stream explains it. */
export function missingSubject(
  path: PathTree,
  streams: readonly StreamModel[],
): { readonly message: string; readonly help: string } | undefined {
  const [streamName, ...rest] = path.parts.map((part) => part.text);
  const stream = streams.find((each) => each.name === streamName);
  if (stream?.tree?.broken === true) return undefined;
  const known = pathsOf.get(streams) ?? subjectPaths(streams);
  pathsOf.set(streams, known);
  const own = (stream?.subjects ?? []).map((subject) => `\`${stream?.name ?? ''}.${subject.name}\``);
  if (stream !== undefined && rest.length === 0 && own.length > 0)
    return {
      message: `a role names one of the subjects of the stream ${stream.name}`,
      help: `write ${own.join(' or ')}`,
    };
  const message =
    stream === undefined
      ? `there is no stream \`${streamName ?? ''}\``
      : `the stream ${stream.name} has no subject \`${rest.join('.')}\``;
  const help = suggestion([streamName, ...rest].join('.'), known) ?? 'write `STREAM.subject`';
  return { message, help };
}
