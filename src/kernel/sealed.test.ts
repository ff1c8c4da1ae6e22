import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from './errors.ts';
import { seededRandom, systemRandom } from './random.ts';
import { createVault, type SecretPlace } from './sealed.ts';

const key = (seed: string) => seededRandom(seed).bytes(32);
const vaultOf = (...keys: Uint8Array[]) => createVault({ keys, randomBytes: (count) => systemRandom.bytes(count) });
const place: SecretPlace = { tenantId: 't1', recordId: 'r1', field: 'secret' };
const codeOf = (run: () => unknown) => {
  try {
    return run();
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
};

describe('a sealed secret', () => {
  it('comes back as it was, and no two seals of it are alike', () => {
    const vault = vaultOf(key('a'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (secret) => {
        const clean = Buffer.from(secret, 'utf8').toString('utf8'); // half characters aren't text
        const sealed = vault.seal(clean, place);
        expect(vault.open(sealed, place)).toBe(clean);
        expect(vault.seal(clean, place)).not.toBe(sealed);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it.each<[string, Partial<SecretPlace>]>([
    ['of another tenant', { tenantId: 't2' }],
    ['of another record', { recordId: 'r2' }],
    ['in another field', { field: 'other' }],
    ['whose parts only read the same together', { tenantId: 't1r', recordId: '1' }],
  ])('doesn’t open in the place %s', (_, other) => {
    const vault = vaultOf(key('a'));
    expect(codeOf(() => vault.open(vault.seal('s', place), { ...place, ...other }))).toBe('SECRET_UNREADABLE');
  });

  it('doesn’t open when any character of it was changed, cut or added', () => {
    const vault = vaultOf(key('a'));
    const sealed = vault.seal('whsec_abcdefghijklmnopqrstuvwxyz', place);
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`;
      expect([at, codeOf(() => vault.open(changed, place))]).toEqual([at, 'SECRET_UNREADABLE']);
      expect(codeOf(() => vault.open(sealed.slice(0, at), place))).toBe('SECRET_UNREADABLE');
    }
    for (const text of ['', 'v1', 'v1.', `${sealed}A`, `${sealed}.`, sealed.replace('v1', 'v2'), '\u0000']) {
      expect(codeOf(() => vault.open(text, place))).toBe('SECRET_UNREADABLE');
    }
  });

  it('opens with an older key that is still there, is sealed with the newest, and is lost with its key', () => {
    const old = vaultOf(key('old')).seal('s', place);
    const rotated = vaultOf(key('new'), key('old'));
    expect(rotated.open(old, place)).toBe('s');
    expect(vaultOf(key('new')).open(rotated.seal('s', place), place)).toBe('s');
    expect(codeOf(() => vaultOf(key('new')).open(old, place))).toBe('SECRET_UNREADABLE');
  });

  it('needs a key, and says so', () => {
    expect(codeOf(() => vaultOf().seal('s', place))).toBe('NOT_CONFIGURED');
    expect(codeOf(() => vaultOf().open('v1', place))).toBe('NOT_CONFIGURED');
    expect(() => vaultOf(new Uint8Array(16))).toThrow('32 bytes');
  });

  it('is in no error, nor is the key', () => {
    const vault = vaultOf(key('a'));
    const sealed = vault.seal('hunter2', place);
    try {
      vault.open(sealed, { ...place, recordId: 'r2' });
      expect.unreachable();
    } catch (error) {
      const { message, details, cause } = error as DomainError;
      const said = JSON.stringify([message, details, cause]);
      for (const secret of ['hunter2', sealed, Buffer.from(key('a')).toString('hex')]) expect(said).not.toContain(secret);
    }
  });
});
