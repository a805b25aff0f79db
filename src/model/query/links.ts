import type { LinkModel, RecordModel, RoleModel, SubjectModel } from '../program.ts';

/** What the roles do with a subject. */
interface LinksOfSubject {
  readonly publishes: readonly LinkModel[];
  readonly consumes: readonly LinkModel[];
  /** The entities with `ordered by` that are published to it. */
  readonly ordered: ReadonlySet<RecordModel>;
}

/** Read once for the roles of a program: thousands of subjects with thousands of roles would read them again for each. */
const known = new WeakMap<readonly RoleModel[], ReadonlyMap<SubjectModel, LinksOfSubject>>();

const none: LinksOfSubject = { publishes: [], consumes: [], ordered: new Set() };

/** The links of all roles with a subject, in the order of the program. */
export function linksWith(roles: readonly RoleModel[], subject: SubjectModel): LinksOfSubject {
  const found = known.get(roles) ?? bySubject(roles);
  known.set(roles, found);
  return found.get(subject) ?? none;
}

function bySubject(roles: readonly RoleModel[]): ReadonlyMap<SubjectModel, LinksOfSubject> {
  const publishes = grouped(roles.flatMap((role) => role.publishes));
  const consumes = grouped(roles.flatMap((role) => role.consumes));
  // Links without `only` have the same list of entities.
  const orderedOf = new Map<readonly RecordModel[], readonly RecordModel[]>();
  const orderedIn = ({ entities }: LinkModel): readonly RecordModel[] => {
    const made = orderedOf.get(entities) ?? entities.filter(({ ordering }) => ordering !== undefined);
    orderedOf.set(entities, made);
    return made;
  };
  return new Map(
    [...new Set([...publishes.keys(), ...consumes.keys()])].flatMap((subject) => {
      if (subject === undefined) return [];
      const published = publishes.get(subject) ?? [];
      const ordered = new Set(published.flatMap(orderedIn));
      return [[subject, { publishes: published, consumes: consumes.get(subject) ?? [], ordered }]];
    }),
  );
}

function grouped(links: readonly LinkModel[]): ReadonlyMap<SubjectModel | undefined, readonly LinkModel[]> {
  return Map.groupBy(links, ({ subject }) => subject);
}
