import { afterAll, expect, test } from 'vitest';
import { freshDatabase } from './support/database.ts';
import { openSmallCompany } from './support/books.ts';
import { broken } from './support/invariants.ts';
const database = await freshDatabase();
const { platform, tenantId } = await openSmallCompany(database);
afterAll(() => platform.close());
test('healthy', async () => { const t = performance.now(); const b = await broken(database, tenantId); console.log(performance.now() - t); expect(b).toEqual([]); });
