/** What operators see of outgoing webhooks: what waits and since when, how endpoints stand, and how attempts of this process ended. It names no endpoint. */
import type { Pool } from '../../outbox/connection.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Metrics } from '../metrics.ts';
import type { Ended } from './claims.ts';

export interface WebhookMeasures {
  ended(ended: Ended): void;
  measure(metrics: Metrics): void;
}

type Result = 'taken' | 'refused' | 'unanswered';

interface Standing {
  readonly pending: number;
  readonly overdueS: number;
  readonly active: number;
  readonly paused: number;
  readonly disabled: number;
  readonly failing: number;
  readonly behind: number;
}

/** While the database is away nothing is known, and nothing is shown. */
const UNKNOWN: Standing = { pending: NaN, overdueS: NaN, active: NaN, paused: NaN, disabled: NaN, failing: NaN, behind: NaN };

const STANDING = `
  select coalesce(sum(q.pending_count), 0)::float8 as pending,
    coalesce(max(extract(epoch from $1::timestamptz - due.next_at)), 0)::float8 as "overdueS",
    count(*) filter (where w.lifecycle = 'ACTIVE')::int as active,
    count(*) filter (where w.lifecycle = 'PAUSED')::int as paused,
    count(*) filter (where w.lifecycle = 'DISABLED')::int as disabled,
    count(*) filter (where w.lifecycle = 'ACTIVE' and q.failing_since is not null)::int as failing,
    count(*) filter (where w.lifecycle = 'ACTIVE' and q.behind_at is not null)::int as behind
  from webhook_queue q
  join webhook_endpoint w on w.tenant_id = q.tenant_id and w.id = q.endpoint_id and w.lifecycle <> 'DELETED'
  left join lateral (select d.next_at from webhook_delivery d
    where d.tenant_id = q.tenant_id and d.endpoint_id = q.endpoint_id and d.state = 'PENDING' and d.next_at <= $1
      and w.lifecycle = 'ACTIVE' and (q.blocked_until is null or q.blocked_until <= $1)
    order by d.next_at limit 1) due on true`;

export function createMeasures({ pool, clock }: { readonly pool: Pool; readonly clock: Clock }): WebhookMeasures {
  const results = new Map<Result, number>([
    ['taken', 0],
    ['refused', 0],
    ['unanswered', 0],
  ]);
  /** One question for all gauges of a scrape. */
  let asked: Promise<Standing> | null = null;
  const standing = (): Promise<Standing> => {
    asked ??= pool
      .query<Standing>({ name: 'webhooks standing', text: STANDING, values: [clock.now()] })
      .then(({ rows }) => rows[0] ?? UNKNOWN)
      .catch(() => UNKNOWN)
      .finally(() => {
        asked = null;
      });
    return asked;
  };
  return {
    ended({ outcome: { failure, status } }) {
      const result = failure === null ? 'taken' : status === null ? 'unanswered' : 'refused';
      results.set(result, (results.get(result) ?? 0) + 1);
    },
    measure(metrics) {
      metrics.counter({
        name: 'webhook_attempts',
        help: 'Attempts of this process at webhooks, by result.',
        label: 'result',
        collect: () => results,
      });
      metrics.gauge({
        name: 'webhook_deliveries_pending',
        help: 'Deliveries of webhooks that wait, over all processes.',
        collect: async () => (await standing()).pending,
      });
      metrics.gauge({
        name: 'webhook_overdue_seconds',
        help: 'For how long the delivery has been due that waits longest for somebody to send it.',
        collect: async () => (await standing()).overdueS,
      });
      metrics.gauge({
        name: 'webhook_endpoints',
        help: 'Endpoints by how they stand; failing and behind are active too.',
        label: 'state',
        collect: async () => {
          const { active, paused, disabled, failing, behind } = await standing();
          return new Map(Object.entries({ active, paused, disabled, failing, behind }));
        },
      });
    },
  };
}
