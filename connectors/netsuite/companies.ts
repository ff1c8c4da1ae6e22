/**
 * Which subsidiaries the role sees. What it does not see is missing from every query without a word, so nothing may be taken for deleted
 * while a subsidiary that the connection serves is hidden.
 */
import { refusal } from './faults.ts';
import { textAt } from './fields.ts';
import { type Context, idList, query } from './suiteql.ts';

export const hiddenSentence = (id: string): string =>
  `The role does not see subsidiary ${id}, which the connection serves: nothing of it is read.`;

/** @throws ExternalError REJECTED when one is hidden */
export async function mustSeeCompanies(context: Context): Promise<void> {
  const { config, legalEntities } = context;
  if (!config.oneWorld || legalEntities.length === 0) return;
  const rows = await query(
    context,
    `SELECT s.id FROM subsidiary s WHERE s.id IN (${idList(legalEntities)}) FETCH FIRST ${legalEntities.length} ROWS ONLY`,
  );
  const seen = new Set(rows.map((row) => textAt(row, 'id')));
  const hidden = legalEntities.find((id) => !seen.has(id));
  if (hidden !== undefined) throw refusal(`${hiddenSentence(hidden)} What is not seen must not be taken for deleted.`);
}
