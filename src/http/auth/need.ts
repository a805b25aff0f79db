import type { Scope } from '../../ports/sender.ts';

/** What a sender has to be allowed for a request. */
export interface Need {
  readonly scope: Scope;
  /** The entity that it sends. */
  readonly entity?: string;
  /** The route itself asks for a signature of its sender, who has no key then. */
  readonly signed?: boolean;
}
