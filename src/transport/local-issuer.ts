/**
 * The token issuer for development and tests: it makes one ES256 key in the data folder, readable by its owner only, and signs
 * tokens for whoever holds that folder. Configuration refuses it in production.
 */
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash, webcrypto } from 'node:crypto';
import { exportJWK, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import type { IssuerConfig } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';

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
  const before = await readKey(path);
  if (before) return before;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const whole = `${path}.${process.pid}`;
  await writeFile(whole, `${JSON.stringify(await newKey())}\n`, { mode: 0o600 });
  try {
    // of processes that start at once the first one wins, and nobody ever sees half a file
    await link(whole, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(whole, { force: true });
  }
  return (await readKey(path)) ?? unreadable(path);
}

async function newKey(): Promise<JWK> {
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const jwk = await exportJWK(pair.privateKey);
  const kid = createHash('sha256').update(`${jwk.x}.${jwk.y}`).digest('base64url').slice(0, 16);
  return { ...jwk, kid, alg: 'ES256', use: 'sig' };
}

async function readKey(path: string): Promise<JWK | null> {
  try {
    const jwk = JSON.parse(await readFile(path, 'utf8')) as JWK;
    return typeof jwk.d === 'string' && typeof jwk.kid === 'string' ? jwk : unreadable(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (error instanceof SyntaxError) return unreadable(path);
    throw error;
  }
}

function unreadable(path: string): never {
  throw new Error(`The key of the local issuer in ${path} can not be read: delete that file, and a new one is made.`);
}
