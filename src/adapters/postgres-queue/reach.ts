/** Milliseconds after which a claim looks again for messages that came before the place that earlier ones reached. */
const LOOK_BACK = 500;

/** A place among the messages of a consumer, in the order in which they come. */
export interface Place {
  /** As Postgres prints it. */
  readonly visibleAt: string;
  readonly row: number;
}

/** How far the claims of one process have come in a backlog. A message that was committed late may lie before. */
export interface Reach {
  /** Where the next claim goes on; undefined for one that looks at everything. */
  next(): Place | undefined;
  /** What a claim told: the place of its last message, or none where there may be no more. */
  came(place: Place | undefined): void;
}

export function newReach(): Reach {
  let reached: Place | undefined;
  let lookedAt = 0;
  return {
    next() {
      const now = Date.now();
      if (now - lookedAt > LOOK_BACK) reached = undefined;
      if (reached === undefined) lookedAt = now;
      return reached;
    },
    came(place) {
      reached = place;
    },
  };
}
