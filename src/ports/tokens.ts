/** Tokens of an identity provider. */
export interface Tokens {
  /** Never rejects. May take as long as a request to the provider's keys. */
  verify(token: string): Promise<Verified>;
}

export type Verified =
  | {
      readonly kind: 'valid';
      /** Who sends. */
      readonly subject: string;
      /** The words of its scope. */
      readonly scope: readonly string[];
      /** Milliseconds since the epoch. */
      readonly expiresAt: number;
    }
  | { readonly kind: 'refused'; readonly reason: string }
  /** The provider's keys cannot be read. */
  | { readonly kind: 'unavailable'; readonly reason: string };
