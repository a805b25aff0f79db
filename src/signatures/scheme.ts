/** A request before its body is read, as far as a signature may depend on it. */
export interface RequestHead {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Path and query, as the request line has them. */
  readonly url: string;
}

/** The arguments of a scheme besides its secret, by parameter. */
export type SchemeOptions = Readonly<Record<string, string>>;

/** A way to sign requests: what a sender puts into which header, and how to tell whether it is right. */
export interface SignatureScheme {
  readonly name: string;
  /** One sentence for a person. */
  readonly doc: string;
  /** The page of the provider that has the algorithm. */
  readonly source: string;
  /** What stands behind the secret in the parentheses, in order. */
  readonly parameters: readonly SchemeParameter[];
  /** The lower-case name of the header with the signature. */
  readonly header: (options: SchemeOptions) => string;
  /** Whether the sender signs the time too, so that an old request can be told. */
  readonly timed: boolean;
  /** Why a secret cannot be one of this scheme; never quotes it. */
  readonly secretFault?: (secret: string) => string | undefined;
  /**
   * What the provider wants to read back of a signed body with which it only tests the endpoint; undefined where the body is
   * a message.
   */
  readonly challengeIn?: (body: Uint8Array) => string | undefined;
  /** What the head claims; undefined where it has no signature of the scheme's form. */
  readonly read: (head: RequestHead, options: SchemeOptions) => Claim | undefined;
}

export interface SchemeParameter {
  readonly name: string;
  readonly doc: string;
  /** What it takes, as a noun phrase for an error. */
  readonly takes: string;
  readonly required: boolean;
  /** The argument as it is used, or undefined where it is none. */
  readonly read: (text: string) => string | undefined;
}

export type SignedParts = readonly (string | Uint8Array)[];

/** A signature that came with a request and is not believed yet. */
export interface Claim {
  /** Seconds since the epoch, where the scheme has the time. It is only as true as the signature. */
  readonly signedAt?: number;
  /** The provider's id of the delivery, the same in each of its repeats, where the signature covers one. */
  readonly deliveryId?: string;
  /**
   * What the signature covers, in order: one text for all requests that it is good for, so that whoever saw a request cannot make
   * another one of it.
   */
  readonly signed: (body: Uint8Array) => SignedParts;
  /** Whether the holder of this secret signed this body. Takes as long for a wrong signature as for a right one. */
  readonly isBy: (secret: string, body: Uint8Array) => boolean;
}
