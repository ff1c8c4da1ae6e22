/** How one request is signed in by a connection's scheme. What it gives goes into headers only, and is kept out of every error. */
import type { Randomness } from '../kernel/random.ts';
import type { AuthScheme, TokenStore } from './auth.ts';
import { oauth1Header } from './oauth1.ts';

export interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  /** The access token that was used, if the scheme has any. */
  readonly token?: string;
  /** What must not come back in words. */
  readonly secrets: readonly string[];
}

export interface SignerOptions {
  readonly auth: AuthScheme;
  readonly tokens: TokenStore;
  readonly now: () => Date;
  readonly randomness: Randomness;
}

/** `refused`: the token that the ERP has just not accepted. @throws ExternalError of the kind AUTH */
export type Signer = (request: { method: string; url: URL; refused?: string | undefined }) => Promise<Signed>;

const NONCE_BYTES = 16;

export function requestSigner({ auth, tokens, now, randomness }: SignerOptions): Signer {
  return async ({ method, url, refused }) => {
    switch (auth.kind) {
      case 'BASIC': {
        const basic = Buffer.from(`${auth.user}:${auth.password}`).toString('base64');
        return { headers: { authorization: `Basic ${basic}` }, secrets: [auth.password] };
      }
      case 'HEADER':
        return { headers: { [auth.name.toLowerCase()]: auth.value }, secrets: [auth.value] };
      case 'OAUTH1': {
        const nonce = Buffer.from(randomness.bytes(NONCE_BYTES)).toString('hex');
        const authorization = oauth1Header(auth, { method, url, nonce, at: now() });
        return { headers: { authorization }, secrets: [auth.consumerSecret, auth.token, auth.tokenSecret] };
      }
      case 'CLIENT_CREDENTIALS':
      case 'REFRESH': {
        const token = await tokens.token(refused);
        return { headers: { authorization: `Bearer ${token}` }, token, secrets: [token] };
      }
      case 'NONE':
      default:
        return { headers: {}, secrets: [] };
    }
  };
}
