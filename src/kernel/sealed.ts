/**
 * Secrets that have to be used again (a shared secret, a refresh token), sealed for the database with AES-256-GCM. A sealed text opens
 * only in the place that it was made for: tenant, record and field are bound to it, so a row that is copied over another one opens
 * nothing. The key's name stands in front, so that keys can change while what older ones sealed still opens.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { DomainError } from './errors.ts';

/** Where a sealed secret stands. */
export interface SecretPlace {
  readonly tenantId: string;
  readonly recordId: string;
  readonly field: string;
}

export interface Vault {
  /** With the newest key. */
  seal(secret: string, place: SecretPlace): string;
  /** @throws DomainError SECRET_UNREADABLE when it was sealed for another place, with a key that is gone, or was changed */
  open(sealed: string, place: SecretPlace): string;
  /**
   * By which a text is known again without being readable: one for each key, the newest first, and none without a key. Equal texts of one
   * tenant and use share them, also while keys change.
   */
  digests(text: string, use: { readonly tenantId: string; readonly use: string }): readonly string[];
}

export interface VaultOptions {
  /** 32 bytes each, the newest first: it seals, all of them open. None: nothing can be sealed or opened. */
  readonly keys: readonly Uint8Array[];
  readonly randomBytes: (count: number) => Uint8Array;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^v1\.([0-9a-f]{8})\.([\w-]{16})\.([\w-]{22,})$/;

/**
 * @throws RangeError for a key that hasn't 32 bytes
 * @example const vault = createVault({ keys: [key], randomBytes: systemRandom.bytes }); vault.open(vault.seal('s', place), place) // 's'
 */
export function createVault({ keys, randomBytes }: VaultOptions): Vault {
  const named = new Map(keys.map((key) => [keyName(key), key]));
  const [newest] = named.keys();
  return {
    seal(secret, place) {
      const key = named.get(newest ?? '');
      if (newest === undefined || !key) throw noKey();
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound(newest, place));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return ['v1', newest, Buffer.from(nonce).toString('base64url'), sealed.toString('base64url')].join('.');
    },
    open(sealed, place) {
      if (named.size === 0) throw noKey();
      const [, name = '', nonce = '', rest = ''] = FORM.exec(sealed) ?? [];
      const key = named.get(name);
      if (!key) throw unreadable(place, name === '' ? 'it is not a sealed text' : `the key ${name} is not configured`);
      const bytes = Buffer.from(rest, 'base64url');
      if (bytes.toString('base64url') !== rest) throw unreadable(place, 'it was changed');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES });
      decipher.setAAD(bound(name, place)).setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch {
        // Node's own error says less, and a cause could carry bytes into a log
        throw unreadable(place, 'it was changed, or sealed for another place');
      }
    },
    digests: (text, { tenantId, use }) =>
      [...named].map(([name, key]) => {
        const digest = createHmac('sha256', key).update(JSON.stringify(['digest', tenantId, use, text]));
        return `${name}.${digest.digest('base64url')}`;
      }),
  };
}

/** Says which key it was without saying anything of it. */
function keyName(key: Uint8Array): string {
  if (key.length !== KEY_BYTES) throw new RangeError(`A key for secrets has ${KEY_BYTES} bytes.`);
  return createHash('sha256').update('cashgraph secret key').update(key).digest('hex').slice(0, 8);
}

const bound = (name: string, { tenantId, recordId, field }: SecretPlace): Buffer =>
  Buffer.from(JSON.stringify(['v1', name, tenantId, recordId, field]));

const noKey = () =>
  new DomainError('NOT_CONFIGURED', 'This server can keep no secrets: its operator has to set CASHGRAPH_SECRET_KEY first.');

const unreadable = ({ recordId, field }: SecretPlace, why: string) =>
  new DomainError('SECRET_UNREADABLE', `A kept secret can't be opened: ${why}. Make a new one for it.`, {
    details: { recordId, field },
  });
