// An import that is stopped anywhere goes on where it was: no line is done twice, none is left out, and nobody who comes late adds any.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/kernel/errors.ts';
import type { ImportEngines } from '../../src/transport/import/engines.ts';
import { type Hands, openHands } from './hands.ts';

let hands: Hands;
let series = 0;

beforeAll(async () => {
  hands = await openHands();
  await hands.run('createLegalEntity', {
    code: 'DE01',
    name: 'DE01',
    country: 'DE',
    functionalCurrency: 'EUR',
    timeZone: 'Europe/Berlin',
  });
});
afterAll(() => hands.close());

/** Ten rows in three pages: two that are refused, two that are equal but for their number, three customers. */
function file(): { text: string; prefix: string } {
  const prefix = `S${(series += 1)}`;
  const rows = Array.from({ length: 10 }, (_, i) => {
    const amount = i === 2 ? '1.005' : `${10 + i}.00`;
    return `${prefix}-${i % 3},${prefix}-${i},2026-03-01,${i === 7 ? '2026-02-01' : '2026-04-01'},${amount},EUR`;
  });
  return { prefix, text: `customer,number,issuedOn,dueOn,amount,currency\n${rows.join('\n')}\n` };
}

/** What must come of it, however often it is stopped. */
const DONE = {
  lifecycle: 'DONE',
  row_count: 10,
  new_count: 8,
  unchanged_count: 0,
  refused_count: 2,
  error_code: null,
  done_lines: '[]',
  refusals: [
    [4, 'amount', 'INVALID_INPUT'],
    [9, 'dueOn', 'EFFECTIVE_DATE_INVALID'],
  ],
};
const booksOf = async (prefix: string) => (await hands.books()).filter(({ number }) => String(number).startsWith(`${prefix}-`));

const lost = () => new DomainError('UNAVAILABLE', 'The connection to the database was lost.');

/** Hands that fail right after their n-th transaction. */
function failing(at: number): { hands: Partial<ImportEngines>; steps: () => number } {
  let step = 0;
  const counted =
    <A extends readonly unknown[], T>(work: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      step += 1;
      const mine = step;
      const done = await work(...args);
      if (mine === at) throw lost();
      return done;
    };
  const { write, inTenant } = hands.engines;
  const runSet = counted((...args: Parameters<typeof write.runSet>) => write.runSet(...args));
  const run = counted((...args: Parameters<typeof write.run>) => write.run(...args));
  const guarded = new Proxy(write, {
    get: (of, name) => (name === 'runSet' ? runSet : name === 'run' ? run : Reflect.get(of, name)),
  });
  return { hands: { write: guarded, inTenant: counted(inTenant) }, steps: () => step };
}

describe('an import that stops', () => {
  it('ends the same wherever it was stopped, between any two of its transactions', async () => {
    const whole = file();
    const payload = await hands.start('OPEN_INVOICES', whole.text);
    const counting = failing(0);
    await hands.work(payload, counting.hands);
    expect(await hands.state(payload.id)).toMatchObject({ ...DONE, run_count: 1 });
    const expected = (await booksOf(whole.prefix)).map((row) => JSON.stringify(row).replaceAll(whole.prefix, 'S'));
    expect(expected).toHaveLength(8);
    expect(counting.steps()).toBeGreaterThan(8);
    // before the next one is after this one
    for (let at = 1; at <= counting.steps(); at++) {
      const { text, prefix } = file();
      const stopped = await hands.start('OPEN_INVOICES', text);
      await expect(hands.work(stopped, failing(at).hands)).rejects.toThrow('lost');
      await hands.work(stopped);
      expect(await hands.state(stopped.id)).toMatchObject(DONE);
      expect((await booksOf(prefix)).map((row) => JSON.stringify(row).replaceAll(prefix, 'S'))).toEqual(expected);
    }
    expect(await hands.broken()).toEqual([]);
  });

  it('writes nothing more once another process has taken it over, or somebody has cancelled it', async () => {
    for (const meanwhile of ['taken over', 'cancelled'] as const) {
      const { text, prefix } = file();
      const payload = await hands.start('OPEN_INVOICES', text);
      const { write } = hands.engines;
      let calls = 0;
      const late = new Proxy(write, {
        get: (of, name) =>
          name !== 'runSet'
            ? Reflect.get(of, name)
            : async (...args: Parameters<typeof write.runSet>) => {
                calls += 1;
                // the second page has its customers, and not its documents
                if (calls === 4 && meanwhile === 'taken over') await hands.work(payload);
                if (calls === 4 && meanwhile === 'cancelled') await hands.run('cancelImport', { id: `imp_${payload.id}` });
                return write.runSet(...args);
              },
      });
      await hands.work(payload, { write: late });
      const isWhole = meanwhile === 'taken over';
      expect(await hands.state(payload.id)).toMatchObject(
        isWhole ? { ...DONE, run_count: 2 } : { lifecycle: 'CANCELLED', row_count: 4, new_count: 3, refused_count: 1 },
      );
      expect(await booksOf(prefix)).toHaveLength(isWhole ? 8 : 3);
    }
    expect([await hands.broken(), hands.faults]).toEqual([[], []]);
  });

  it('fails with a sentence when its file is gone, or whoever started it may not do it any more', async () => {
    const { text } = file();
    const gone = await hands.start('OPEN_INVOICES', text);
    await hands.work(gone, { folder: '/nowhere' });
    expect(await hands.state(gone.id)).toMatchObject({ lifecycle: 'FAILED', error_code: 'NOT_CONFIGURED' });
    const barred = await hands.start('OPEN_INVOICES', text);
    await hands.work(barred, { principalOf: async () => null });
    expect(await hands.state(barred.id)).toMatchObject({ lifecycle: 'FAILED', error_code: 'FORBIDDEN', row_count: 0 });
  });
});
