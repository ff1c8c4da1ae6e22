/** What is owed and what closes it: open items, allocations, ageing and statements. */
import { readRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { defineModule } from '../../write/module.ts';
import { foldAgeing } from './ageing.read.ts';
import { ReportResolver } from './report.graphql.ts';
import { Allocation, OpenItem } from './open-item.entity.ts';
import { allocationEvents } from './open-item.events.ts';
import { openItemPolicy } from './open-item.policy.ts';
import { allocationPostings } from './open-item.postings.ts';
import { allocationRead, openItemRead } from './open-item.read.ts';

export { type AllocationPlan, type AllocationRow, type ItemRow, newItem } from './allocation.rules.ts';
export { earnedBy, inProportion, offerOf, type TaxedTotal } from './discount.rules.ts';
export { ItemBook, type LoadedItems } from './item-book.rules.ts';
export { Allocation, OpenItem } from './open-item.entity.ts';
export { loadTaken } from './open-item.facts.ts';
export type { TakenByDay } from './item-days.rules.ts';

const roots = [readRecord(OpenItem, openItemRead), readRecord(Allocation, allocationRead)];

export const openItemModule = defineModule({
  name: 'open-item',
  entities: [OpenItem, Allocation],
  records: roots,
  machines: [],
  postings: allocationPostings,
  policy: openItemPolicy,
  events: allocationEvents,
  commands: [],
  // what is written notes what it changes; reading is the slower the more of it stands unfolded
  upkeep: [{ name: 'fold-ageing', match: '* * * * *', statement: foldAgeing }],
  resolvers: [...roots.map((record) => rootResolver(record)), ReportResolver],
});
