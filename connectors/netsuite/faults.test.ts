/** What NetSuite's errors are taken for. */
import { describe, expect, it } from 'vitest';
import { ExternalError } from '../../src/connect/index.ts';
import { isNotThere, judge } from './faults.ts';
import { connector } from './index.ts';

const said = (status: number, code: string, detail = 'Words.') =>
  judge({
    status,
    headers: {},
    body: { title: 'Title', status, 'o:errorDetails': [{ detail, 'o:errorCode': code, 'o:errorPath': 'item.items[0]' }] },
  });

describe('errors', () => {
  it.each([
    [429, 'CONCURRENCY_LIMIT_EXCEEDED', 'THROTTLED'],
    [401, 'INVALID_LOGIN', 'AUTH'],
    [403, 'INSUFFICIENT_PERMISSION', 'REJECTED'],
    [400, 'USER_ERROR', 'REJECTED'],
    [404, 'NONEXISTENT_ID', 'REJECTED'],
    [500, 'UNEXPECTED_ERROR', 'UNKNOWN_OUTCOME'],
    [503, 'SOMETHING_NEW', 'RETRYABLE'],
    [200, 'USER_ERROR', 'REJECTED'],
  ])('%i %s is %s, in its own words', (status, code, kind) => {
    expect(said(status, code)).toEqual({ kind, code, words: `Words. (${code}, item.items[0])` });
  });

  it('are none without details', () => {
    expect(judge({ status: 200, headers: {}, body: { items: [] } })).toBeNull();
    expect(judge({ status: 502, headers: {}, body: '<html>' })).toBeNull();
  });

  it('know a wrong id of a transaction from another bad request', () => {
    const error = (code: string, words: string, status = 400) =>
      new ExternalError(words, { kind: 'REJECTED', status, words, code });
    expect(isNotThere(error('USER_ERROR', 'Error while accessing a resource. Transaction type specified is incorrect.'))).toBe(
      true,
    );
    expect(isNotThere(error('USER_ERROR', 'The period is closed.'))).toBe(false);
    expect(isNotThere(error('NONEXISTENT_ID', 'The record instance does not exist.', 404))).toBe(true);
    expect(isNotThere(new Error('x'))).toBe(false);
  });
});

describe('settings', () => {
  const config = (account: string) => connector.config.parse({ account });
  const tba = { consumerKey: 'a', consumerSecret: 'b', tokenId: 'c', tokenSecret: 'd' };

  it('give the host and the realm of an account, a sandbox too', () => {
    expect(connector.baseUrls(config('1234567_SB1'))).toEqual(['https://1234567-sb1.suitetalk.api.netsuite.com']);
    expect(connector.auth(config('1234567-sb1'), tba)).toMatchObject({ kind: 'OAUTH1', realm: '1234567_SB1' });
  });

  it('want one way to sign in, whole', () => {
    expect(connector.credentials.safeParse(tba).success).toBe(true);
    expect(connector.credentials.safeParse({ ...tba, clientId: 'x' }).success).toBe(false);
    expect(connector.credentials.safeParse({ clientId: 'x', certificateId: 'y' }).success).toBe(false);
    expect(connector.credentials.safeParse({ clientId: 'x', certificateId: 'y', privateKey: 'no key' }).success).toBe(false);
    expect(connector.credentials.safeParse({}).success).toBe(false);
  });

  it('let nothing into a query that is no name', () => {
    expect(connector.config.safeParse({ account: '1', lineTaxColumn: "x' OR 1=1" }).success).toBe(false);
  });
});
