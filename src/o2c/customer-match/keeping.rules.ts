/** Which of two customers is kept, and whether they can become one: nothing that holds credit back may be lost. Pure. */
import { DomainError } from '../../kernel/errors.ts';
import { chainOf, type CreditAccountRow, limitText } from '../credit/index.ts';
import type { CustomerRow, Parties } from './pair.facts.ts';

export interface Keeping {
  readonly kept: CustomerRow;
  readonly merged: CustomerRow;
}

const refused = (message: string, path: readonly string[] = ['keepCustomerId']): DomainError =>
  new DomainError('WRONG_STATE', message, { path: [...path] });

const nameOf = ({ number, name }: CustomerRow): string => `${number} (${name})`;

/** Others were found to be the same as it. */
const holds = (parties: Parties, id: string): boolean => [...parties.customers.values()].some((c) => c.mergedIntoId === id);

const holdsBack = (credit: CreditAccountRow | undefined): number =>
  (credit?.isBlocked ? 2 : 0) + (credit && credit.limitMinor !== null ? 1 : 0);

/**
 * The one that is asked for, else that which has others already, else that which holds more credit back, else the older.
 * @throws NOT_FOUND, INVALID_INPUT
 */
export function keepingOf(parties: Parties, ids: readonly [string, string], wanted: string | undefined): Keeping {
  const [a, b] = ids.map((id) => parties.customers.get(id));
  if (!a || !b) throw new DomainError('NOT_FOUND', 'One of the customers is not there.', { path: ['id'] });
  if (wanted !== undefined && wanted !== a.id && wanted !== b.id)
    throw new DomainError('INVALID_INPUT', 'keepCustomerId must be one of the two customers.', { path: ['keepCustomerId'] });
  const older = a.createdAt.getTime() < b.createdAt.getTime() || (a.createdAt.getTime() === b.createdAt.getTime() && a.id < b.id);
  const more =
    Number(holds(parties, a.id)) - Number(holds(parties, b.id)) ||
    holdsBack(parties.credit.get(a.id)) - holdsBack(parties.credit.get(b.id)) ||
    (older ? 1 : -1);
  const isFirst = wanted === undefined ? more > 0 : wanted === a.id;
  return isFirst ? { kept: a, merged: b } : { kept: b, merged: a };
}

/** @throws WRONG_STATE with what has to be done first */
export function requireMergeable(parties: Parties, keeping: Keeping): void {
  const { kept, merged } = keeping;
  for (const one of [kept, merged]) {
    const into = one.mergedIntoId === null ? undefined : parties.customers.get(one.mergedIntoId);
    if (one.mergedIntoId !== null)
      throw refused(
        `Customer ${nameOf(one)} was found to be the same as ${into ? nameOf(into) : 'another one'}: match that one, or undo their match first.`,
        ['id'],
      );
  }
  if (chainOf(parties.parents, kept.id).includes(merged.id) || chainOf(parties.parents, merged.id).includes(kept.id))
    throw refused(`One of ${nameOf(kept)} and ${nameOf(merged)} belongs to the other: take it out of the hierarchy first.`, [
      'id',
    ]);
  if (holds(parties, merged.id))
    throw refused(
      `Others were found to be the same as ${nameOf(merged)}: keep that one${holds(parties, kept.id) ? `, after their matches with ${nameOf(kept)} are undone` : ''}.`,
    );
  if (kept.parentId !== null && merged.parentId !== null && kept.parentId !== merged.parentId)
    throw refused(
      `${nameOf(kept)} and ${nameOf(merged)} belong to different customers: give both the same parent, or one of them none, first.`,
      ['id'],
    );
  requireCreditKept(parties, keeping);
}

function requireCreditKept({ credit }: Parties, { kept, merged }: Keeping): void {
  const [ofKept, ofMerged] = [credit.get(kept.id), credit.get(merged.id)];
  if (!ofKept || !ofMerged) throw new Error('A customer of a pair has no credit account');
  if (ofMerged.isBlocked && !ofKept.isBlocked)
    throw refused(
      `The credit of ${nameOf(merged)} is blocked, and that of ${nameOf(kept)} is not: block the credit of ${nameOf(kept)} first, or keep ${nameOf(merged)}.`,
    );
  const limit = limitText(ofMerged);
  if (limit !== null && ofKept.limitMinor === null)
    throw refused(
      `${nameOf(merged)} has a credit limit of ${limit} ${ofMerged.currency}, and ${nameOf(kept)} has none: give ${nameOf(kept)} a limit for both first, or keep ${nameOf(merged)}.`,
    );
}
