import { seeded } from './random.ts';

/** What a whole round may be like. The seed draws these, `--with` sets them. */
export const PROPERTIES = [
  /** The server answers a commit before it is on disk, by its own default. */
  'lax commits',
  /** All processes reach Postgres through one PgBouncer that pools transactions. */
  'pooler',
  /** Three nats-servers that hold each message three times. */
  'cluster',
  /** One transaction keeps its snapshot from the first message to the last. */
  'snapshot',
  /** The program changes in the middle of the round. */
  'versions',
  /** Messages disappear from the queue, and are sent again once their status says so. */
  'purges',
] as const;
export type Property = (typeof PROPERTIES)[number];

/** The faults that only a round of that property can have. */
const OF_PROPERTY: Readonly<Record<Property, readonly string[]>> = {
  'lax commits': ['Postgres killed at once'],
  pooler: ['pooler killed'],
  cluster: ['node killed', 'leader killed', 'quorum lost'],
  snapshot: [],
  versions: ['new version'],
  purges: ['stream purged'],
};

const CHANCE = 0.4;
/** Sets these numbers apart from those that draw the messages and the faults. */
const APART = 0x9e37_79b9;

/** What the seed alone decides, whatever the queue is. */
export function drawnProperties(seed: number): readonly Property[] {
  const random = seeded(seed ^ APART);
  return PROPERTIES.filter(() => random.chance(CHANCE));
}

/** The properties of a round: those asked for; else, with chosen faults, those that they need; else what the seed draws. */
export function propertiesOf(
  seed: number,
  queue: 'jetstream' | 'postgres',
  asked: readonly Property[] | undefined,
  only: readonly string[] | undefined,
): readonly Property[] {
  const needed = PROPERTIES.filter((each) => only?.some((kind) => OF_PROPERTY[each].includes(kind)));
  const chosen = asked ?? (only === undefined ? drawnProperties(seed) : []);
  return PROPERTIES.filter(
    (each) =>
      (chosen.includes(each) || needed.includes(each)) && (each !== 'cluster' || queue === 'jetstream'),
  );
}

/** Properties by their names with commas between; `none` is none. Throws with one line where a name is none. */
export function readProperties(text: string): readonly Property[] {
  if (text.trim() === 'none') return [];
  return text.split(',').map((part) => {
    const found = PROPERTIES.find((each) => each === part.trim());
    if (found === undefined)
      throw new Error(`--with: expected none or some of ${PROPERTIES.join(', ')}, not ${part.trim()}`);
    return found;
  });
}
