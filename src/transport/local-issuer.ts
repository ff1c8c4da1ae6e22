/**
 * The token issuer for development and tests: it makes one ES256 key in the data folder, readable by its owner only, and signs
 * tokens for whoever holds that folder. Configuration refuses it in production.
 */
import { join } from 'node:path';
import { createHash, webcrypto } from 'node:crypto';
import { exportJWK, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import type { IssuerConfig } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';
import { ownFile } from './data-folder.ts';

export interface LocalIssuer {
  /** Only the public half. */
  readonly jwks: JSONWebKeySet;
  issueToken(input: { subject: string; tenant: string; lifetimeS: number }): Promise<string>;
}

export interface LocalIssuerOptions {
  readonly dataDir: string;
  readonly issuer: IssuerConfig;
  readonly clock: Clock;
}

/** @example const issuer = await openLocalIssuer({ dataDir: config.dataDir, issuer, clock }) */
export async function openLocalIssuer({ dataDir, issuer, clock }: LocalIssuerOptions): Promise<LocalIssuer> {
  const jwk = await keyIn(dataDir);
  const key = await importJWK(jwk, 'ES256');
  const { d: _private, ...publicHalf } = jwk;
  return {
    jwks: { keys: [publicHalf] },
    issueToken({ subject, tenant, lifetimeS }) {
      const nowS = Math.floor(clock.now().getTime() / 1_000);
      return new SignJWT({ tenant })
        .setProtectedHeader({ alg: 'ES256', kid: jwk.kid as string, typ: issuer.tokenTypes.find((type) => type !== '') ?? 'JWT' })
        .setIssuer(issuer.issuer)
        .setAudience(issuer.audience)
        .setSubject(subject)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + lifetimeS)
        .sign(key);
    },
  };
}

async function keyIn(dataDir: string): Promise<JWK> {
  const path = join(dataDir, 'local-issuer-key.json');
  const text = await ownFile(path, async () => `${JSON.stringify(await newKey())}\n`);
  const jwk = parsed(text);
  if (typeof jwk?.d === 'string' && typeof jwk.kid === 'string') return jwk;
  throw new Error(`The key of the local issuer in ${path} can not be read: delete that file, and a new one is made.`);
}

async function newKey(): Promise<JWK> {
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const jwk = await exportJWK(pair.privateKey);
  const kid = createHash('sha256').update(`${jwk.x}.${jwk.y}`).digest('base64url').slice(0, 16);
  return { ...jwk, kid, alg: 'ES256', use: 'sig' };
}

function parsed(text: string): JWK | null {
  try {
    return JSON.parse(text) as JWK | null;
  } catch {
    return null;
  }
}
