// Consumers with deliveries in a database of their own, for the tests of deliveries and of their take-over.
import { afterAll, beforeAll, expect } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { openSystemPool } from '../../src/outbox/connection.ts';
import { type Consumer, createDeliveries, type Deliveries, type DeliveriesOptions } from '../../src/outbox/delivery.ts';
import { ensureCursor } from '../../src/outbox/dispatcher.ts';
import type { SealedEvent } from '../../src/outbox/event.ts';
import { createSealer } from '../../src/outbox/sealer.ts';
import { freshDatabase } from '../support/database.ts';
import { makeRecords, makeTenant, writeEvent } from './writers.ts';

export interface DeliveryRow {
  readonly state: string;
  readonly attempt: number;
  readonly position: string;
  readonly error: string | null;
}

/** At the top of a test file: `const { pool, makeConsumer } = await useConsumers()`. */
export async function useConsumers() {
  const database = await freshDatabase();
  const pool = openSystemPool({ connection: database.connection, role: 'cashgraph_system', max: 15 });
  const sealer = createSealer({ pool, owner: 'tests' });
  const started: Deliveries[] = [];
  let tenantId = '';
  let names = 0;

  beforeAll(async () => {
    tenantId = await makeTenant(database);
  });
  afterAll(async () => {
    await Promise.all(started.map((deliveries) => deliveries.stop()));
    await pool.end();
  });

  /** Of a new name; it gets what is sealed from now on. */
  const makeConsumer = async (deliver: Consumer['deliver'], more: Partial<Consumer> = {}): Promise<Consumer> => {
    const name = `consumer-${++names}`;
    const consumer: Consumer = {
      name,
      startAt: 'NOW',
      maxAttempts: 5,
      accepts: () => true,
      backoffMs: () => 0,
      deliver,
      ...more,
    };
    await sealer.sealed();
    await ensureCursor(pool, consumer);
    return consumer;
  };

  const make = (consumer: Consumer, more: Partial<DeliveriesOptions> = {}): Deliveries => {
    const deliveries = createDeliveries({ pool, clock: systemClock, consumer, ...more });
    started.push(deliveries);
    return deliveries;
  };

  const writeEvents = async (recordIds: readonly string[], each: number): Promise<void> => {
    for (let i = 0; i < each; i++) {
      await Promise.all(recordIds.map((recordId) => writeEvent(database, { tenantId, recordId })));
    }
    await sealer.sealed();
  };

  const rowsOf = async ({ name }: Consumer): Promise<DeliveryRow[]> => {
    const { rows } = await pool.query<DeliveryRow>(
      'select state, attempt, position, last_error as error from delivery where consumer = $1 order by position',
      [name],
    );
    return rows;
  };

  return {
    database,
    pool,
    makeConsumer,
    make,
    writeEvents,
    rowsOf,
    makeRecords: (count: number) => makeRecords(database, count),
  };
}

export function expectOrder(delivered: readonly SealedEvent[], recordIds: readonly string[], each: number): void {
  for (const recordId of recordIds) {
    const versions = delivered.filter((event) => event.recordId === recordId).map(({ recordVersion }) => recordVersion);
    expect(versions).toEqual(Array.from({ length: each }, (_, i) => i + 1));
  }
}
