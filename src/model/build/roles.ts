import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { LinkTree, PathTree, RoleTree } from '../../syntax/tree.ts';
import { MISPLACED_DECLARATION, UNKNOWN_NAME } from '../codes/codes.ts';
import type { LinkModel, RecordModel, RoleModel, StreamModel, SubjectModel } from '../program.ts';
import { readSettings } from '../resolve/read-settings.ts';
import { missingSubject } from '../resolve/streams.ts';
import { suggestion } from '../suggestion.ts';

/** The declared roles, or one that publishes and one that consumes. */
export function buildRoles(
  trees: ReadonlyMap<string, RoleTree>,
  streams: readonly StreamModel[],
  entities: readonly RecordModel[],
  report: Report,
): readonly RoleModel[] {
  if (trees.size === 0) return defaultRoles(streams, entities);
  const declared: Declared = {
    streams,
    entities,
    subjects: subjectsByPath(streams),
    byName: new Map(entities.map((entity) => [entity.name, entity])),
  };
  return [...trees.values()].map((tree) => {
    const quiet: Report = tree.broken ? () => {} : report;
    const links = (kind: LinkTree['kind']): LinkModel[] =>
      tree.links.filter((link) => link.kind === kind).map((link) => linkModel(link, declared, quiet));
    const [deadLetter, second] = links('dead_letter');
    if (second?.tree !== undefined)
      quiet(
        finding(
          MISPLACED_DECLARATION,
          second.tree.span,
          `the role ${tree.name.text} has a second \`dead_letter\``,
          { help: 'remove one of the two' },
        ),
      );
    if (tree.links.length === 0)
      quiet(
        finding(
          MISPLACED_DECLARATION,
          tree.name.span,
          `the role ${tree.name.text} neither publishes nor consumes`,
          {
            help: 'add for example `publish SHOP.ingest` or `consume SHOP.ingest`',
          },
        ),
      );
    return {
      name: tree.name.text,
      publishes: links('publish'),
      consumes: links('consume'),
      settings: readSettings('role', tree.settings, quiet),
      tree,
      ...(deadLetter === undefined ? {} : { deadLetter }),
    };
  });
}

function defaultRoles(
  streams: readonly StreamModel[],
  entities: readonly RecordModel[],
): readonly RoleModel[] {
  const subjects = streams[0]?.subjects ?? [];
  const subject = subjects.find((each) => each.name === 'ingest') ?? subjects[0];
  const link: LinkModel[] = subject === undefined ? [] : [{ subject, entities }];
  const settings = readSettings('role', [], () => {});
  return [
    { name: 'ingest', publishes: link, consumes: [], settings },
    { name: 'worker', publishes: [], consumes: link, settings },
  ];
}

/** What links name, by name: programs can have thousands of each. */
interface Declared {
  readonly streams: readonly StreamModel[];
  readonly entities: readonly RecordModel[];
  readonly subjects: ReadonlyMap<string, SubjectModel>;
  readonly byName: ReadonlyMap<string, RecordModel>;
}

function linkModel(
  tree: LinkTree,
  { streams, entities, subjects, byName }: Declared,
  report: Report,
): LinkModel {
  const subject = subjects.get(tree.path.parts.map(({ text }) => text).join('.'));
  if (subject === undefined && tree.kind === 'consume') reportNoSubject(tree.path, streams, report);
  const chosen = tree.only.flatMap((name): RecordModel[] => {
    const entity = byName.get(name.text);
    if (entity !== undefined) return [entity];
    const known = entities.map((each) => each.name);
    report(
      finding(UNKNOWN_NAME, name.span, `there is no entity \`${name.text}\``, {
        label: 'not declared',
        help: suggestion(name.text, known),
      }),
    );
    return [];
  });
  return {
    entities: tree.only.length === 0 ? entities : chosen,
    tree,
    ...(subject === undefined ? {} : { subject }),
  };
}

/** By `STREAM.subject`. */
function subjectsByPath(streams: readonly StreamModel[]): ReadonlyMap<string, SubjectModel> {
  return new Map(
    streams.flatMap((stream) =>
      stream.subjects.map((subject) => [`${stream.name}.${subject.name}`, subject] as const),
    ),
  );
}

function reportNoSubject(path: PathTree, streams: readonly StreamModel[], report: Report): void {
  const problem = missingSubject(path, streams);
  if (problem !== undefined)
    report(finding(UNKNOWN_NAME, path.span, problem.message, { help: problem.help }));
}
