/**
 * The ways in which ERPs want requests signed in, as data: what to send, and how to get a token. Who holds tokens and refreshes them
 * once for all processes is the engine's business (`TokenStore`).
 */
import type { KeyObject } from 'node:crypto';

/** A token and what it needs to be renewed. */
export interface Tokens {
  readonly accessToken: string;
  /** When it runs out; null: not told. */
  readonly expiresAt: Date | null;
  /** Changes with each refresh where the ERP rotates it. */
  readonly refreshToken?: string;
  readonly refreshExpiresAt?: Date | null;
}

export type AuthScheme =
  | { readonly kind: 'NONE' }
  | { readonly kind: 'BASIC'; readonly user: string; readonly password: string }
  | { readonly kind: 'HEADER'; readonly name: string; readonly value: string }
  | {
      /** OAuth 1.0a with HMAC-SHA256: each request is signed, nothing is kept. */
      readonly kind: 'OAUTH1';
      readonly realm: string;
      readonly consumerKey: string;
      readonly consumerSecret: string;
      readonly token: string;
      readonly tokenSecret: string;
    }
  | {
      /** OAuth 2.0 client credentials: with a secret, or with an assertion signed by the key of a certificate. */
      readonly kind: 'CLIENT_CREDENTIALS';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly scope?: string;
      readonly secret?: string;
      readonly certificate?: {
        readonly keyId: string;
        readonly key: KeyObject;
        readonly algorithm: 'PS256' | 'ES256';
        readonly audience: string;
      };
    }
  | {
      /** OAuth 2.0 with a refresh token: from the first one, or from a code that a person's consent gave. */
      readonly kind: 'REFRESH';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly start: { readonly refreshToken: string } | { readonly code: string; readonly redirectUri: string };
    };

export interface TokenStore {
  /**
   * A token that still holds for a while. With `refused`, the token that the ERP has just refused: a newer one, by a refresh where no
   * other process has made one meanwhile. @throws ExternalError of the kind AUTH when the ERP gives none any more
   */
  token(refused?: string): Promise<string>;
}
