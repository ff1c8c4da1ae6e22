// What the live bench asks: the operations that subscribers follow, how many follow, and how events are made while they do.
export interface LiveCase {
  readonly title: string;
  readonly query: string;
  /** The field of Subscription. */
  readonly field: string;
  /** The argument by which a subscriber follows one account; null: all of them follow everything. */
  readonly argument: 'accountId' | null;
  /** The field of the event that holds the number of the bench. */
  readonly numberField: 'version' | 'recordVersion';
  readonly subscribers: number;
  /** Accounts, each with one invoice that things happen to. */
  readonly topics: number;
  /** Deliveries a second: so many events at once. Null: not asked. */
  readonly burst: number | null;
  /** Latency: so many at once, again when all are delivered, so often a round; or a steady stream. */
  readonly pace: { readonly events: number; readonly times: number } | { readonly perSecond: number; readonly seconds: number };
}

const RECORD = `cursor event { type from to version occurredAt } gap { from to reason }
  record { id number status dueOn open { amount currency } customer { id name } }`;
const LOG = 'cursor event { type recordKind recordId recordVersion accountId occurredAt payload } gap { from to reason }';

const same = {
  query: `subscription Live { invoiceChanged { ${RECORD} } }`,
  field: 'invoiceChanged',
  argument: null,
  numberField: 'version',
} as const;
const filtered = {
  query: `subscription Live($accountId: ID!) { events(accountId: $accountId) { ${LOG} } }`,
  field: 'events',
  argument: 'accountId',
  numberField: 'recordVersion',
} as const;
const filteredRecord = {
  query: `subscription Live($accountId: ID!) { invoiceChanged(accountId: $accountId) { ${RECORD} } }`,
  field: 'invoiceChanged',
  argument: 'accountId',
  numberField: 'version',
} as const;

const count = (subscribers: number) => subscribers.toLocaleString('en');

export const casesFor = (subscribers: number, isSmall: boolean): Readonly<Record<string, LiveCase>> => {
  const topics = Math.ceil(subscribers / 10);
  const followers = Math.ceil(subscribers / 10);
  const seconds = isSmall ? 2 : 5;
  return {
    same: {
      ...same,
      title: `A ${count(subscribers)} subscribers of the same operation, with its record`,
      subscribers,
      topics: 50,
      burst: Math.max(10, Math.ceil(200_000 / subscribers / (isSmall ? 10 : 1))),
      pace: { events: 1, times: isSmall ? 5 : 10 },
    },
    filtered: {
      ...filtered,
      title: `B ${count(subscribers)} subscribers, each of one of ${count(topics)} customers' events`,
      subscribers,
      topics,
      burst: isSmall ? 1_000 : 5_000,
      pace: { events: 50, times: isSmall ? 5 : 10 },
    },
    'filtered-record': {
      ...filteredRecord,
      title: `B′ the same with the record, which only ours reads`,
      subscribers,
      topics,
      burst: isSmall ? 500 : 2_000,
      pace: { events: 20, times: isSmall ? 5 : 10 },
    },
    latency: {
      ...filtered,
      title: `C commit to delivery at 1,000 events/s, ${count(followers)} subscribers, one for each customer`,
      subscribers: followers,
      topics: followers,
      burst: null,
      pace: { perSecond: 1_000, seconds },
    },
    'latency-record': {
      ...filteredRecord,
      title: `C′ the same with the record, which only ours reads`,
      subscribers: followers,
      topics: followers,
      burst: null,
      pace: { perSecond: 1_000, seconds },
    },
  };
};
