/** The account's keys, the same for the same seed, so that a restart needs no new settings. Only a key pair of its own is made anew, and kept. */
import { generateKeyPairSync } from 'node:crypto';
import { seededRandom } from '../../../src/connect/index.ts';
import type { TokenKeys } from './sign-in/oauth1.ts';

export interface KeyPair {
  readonly certificate: string;
  /** Empty where whoever gave the certificate has it. */
  readonly privateKey: string;
}

export interface Identity {
  readonly account: string;
  readonly clientId: string;
  readonly certificateId: string;
  readonly token: TokenKeys;
  readonly webhookSecret: string;
}

const RSA_BITS = 2_048;

export function identityOf(seed: number | string): Identity {
  const random = seededRandom(`${seed} identity`);
  const hex = (bytes: number): string => Buffer.from(random.bytes(bytes)).toString('hex');
  return {
    account: `${1_000_000 + random.int(8_000_000)}_SB1`,
    clientId: hex(32),
    certificateId: Buffer.from(random.bytes(24)).toString('base64url'),
    token: { consumerKey: hex(32), consumerSecret: hex(32), tokenId: hex(32), tokenSecret: hex(32) },
    webhookSecret: Buffer.from(random.bytes(24)).toString('base64url'),
  };
}

let made: KeyPair | undefined;

/** One for all the accounts of a process: making one takes as long as a hundred requests. */
export function ownKeyPair(): KeyPair {
  made ??= makeKeyPair();
  return made;
}

function makeKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { certificate: publicKey, privateKey };
}
