/**
 * Addresses that work by themselves for a while: whoever has one needs no token. The signature binds path, end and tenant under the
 * server's secret keys; it is a secret, so it goes into no log, and it says nothing of why it does not fit.
 */
import { timingSafeEqual } from 'node:crypto';
import { DomainError } from '../kernel/errors.ts';
import type { Vault } from '../kernel/sealed.ts';

type Digests = Pick<Vault, 'digests'>;

interface Signing {
  /** The part of the address before `?`. */
  readonly path: string;
  readonly tenantId: string;
}

const USE = 'signed-url';
/** Of a signature that can't be one nothing is computed. */
const FORM = /^[\w.-]{20,120}$/;
const SECONDS = /^\d{1,12}$/;

const signatures = (vault: Digests, { path, tenantId }: Signing, expires: string): readonly string[] =>
  vault.digests(JSON.stringify([path, expires]), { tenantId, use: USE });

/**
 * The address with its end and signature; null on a server that has no key.
 * @example signUrl(vault, { path: '/exports/exp_…/invoices.csv', tenantId, expiresAt }) // '/exports/…?expires=1767225600&signature=…'
 */
export function signUrl(vault: Digests, { expiresAt, ...signing }: Signing & { readonly expiresAt: Date }): string | null {
  const expires = String(Math.floor(expiresAt.getTime() / 1_000));
  const [signature] = signatures(vault, signing, expires);
  return signature === undefined ? null : `${signing.path}?${new URLSearchParams({ expires, signature }).toString()}`;
}

/** Whether an address says that it is signed; if not, its caller has to say who they are. */
export const isSigned = (search: URLSearchParams): boolean => search.has('signature') || search.has('expires');

/** @throws DomainError NOT_FOUND, whatever is wrong: whoever tries learns nothing */
export function requireSigned(
  vault: Digests,
  { search, now, ...signing }: Signing & { readonly search: URLSearchParams; readonly now: Date },
): void {
  const [expires, signature] = [search.get('expires') ?? '', search.get('signature') ?? ''];
  const isWellFormed = SECONDS.test(expires) && FORM.test(signature);
  const fits = isWellFormed && signatures(vault, signing, expires).some((one) => isSame(one, signature));
  if (!fits || Number(expires) * 1_000 <= now.getTime()) throw notThere();
}

function isSame(ours: string, theirs: string): boolean {
  const [left, right] = [Buffer.from(ours), Buffer.from(theirs)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const notThere = () => new DomainError('NOT_FOUND', 'There is nothing at this address, or its time is over: ask for a new one.');
