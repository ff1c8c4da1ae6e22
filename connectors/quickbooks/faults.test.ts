import { describe, expect, it } from 'vitest';
import { literal, statementOf, timeText } from './company.ts';
import { judge } from './faults.ts';

const answer = (body: unknown, status = 400) => judge({ status, headers: {}, body });
const fault = (code: string, type = 'ValidationFault', status = 400) =>
  answer({ Fault: { Error: [{ Message: 'No', Detail: 'No : because', code, element: 'Line' }], type } }, status);

describe('what QuickBooks says is wrong', () => {
  it('is told in its own words, with its code and field', () => {
    expect(fault('6000')).toEqual({ kind: 'REJECTED', words: 'No: because (code 6000, Line)', code: '6000' });
  });

  it.each([
    ['3001', 'THROTTLED'],
    ['3200', 'AUTH'],
    ['120', 'AUTH'],
    ['3100', 'AUTH'],
    ['6190', 'AUTH'],
    ['5010', 'CONFLICT'],
    ['10000', 'UNKNOWN_OUTCOME'],
    ['610', 'REJECTED'],
    ['6140', 'REJECTED'],
    ['6210', 'REJECTED'],
    ['6240', 'REJECTED'],
    ['99999', 'REJECTED'],
  ])('by code %s is %s', (code, kind) => {
    expect(fault(code)?.kind).toBe(kind);
  });

  it('is heard also with a success, in the lower-case envelope, and by its type without a code', () => {
    expect(fault('10000', 'SystemFault', 200)?.kind).toBe('UNKNOWN_OUTCOME');
    const refused = {
      error: [{ message: 'AuthenticationFailed', detail: 'Malformed bearer token', code: '3200', element: null }],
      type: 'AUTHENTICATION',
    };
    expect(answer({ warnings: null, fault: refused, queryResponse: null }, 401)).toMatchObject({ kind: 'AUTH', code: '3200' });
    expect(answer({ Fault: { type: 'SystemFault' } }, 200)?.kind).toBe('UNKNOWN_OUTCOME');
    expect(answer({ Fault: { Error: [], type: 'SERVICE' } }, 429)?.kind).toBe('THROTTLED');
  });

  it('is nothing where there is no fault', () => {
    for (const body of [{ Invoice: {} }, { Fault: null }, null, 'text', []]) expect(answer(body, 200)).toBeNull();
  });
});

describe('a statement of the query language', () => {
  it('has its quotes escaped, its clauses in order, and times with their offset', () => {
    const where = [`DisplayName = ${literal("O'Brien \\ Sons")}`, 'Active IN (true,false)'];
    expect(statementOf({ entity: 'Customer', where, orderBy: 'Id', start: 1, max: 10 })).toBe(
      "SELECT * FROM Customer WHERE DisplayName = 'O\\'Brien \\\\ Sons' AND Active IN (true,false) ORDERBY Id STARTPOSITION 1 MAXRESULTS 10",
    );
    expect(timeText('2026-03-10T08:00:00.500-07:00')).toBe('2026-03-10T15:00:00+00:00');
  });
});
