// Nonsense is refused as the client's fault: no path, option, body or batch makes the system dump.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../../src/connect/index.ts';
import { Gateway } from './gateway.ts';
import { TestBooks } from './test-books.ts';

const books = new TestBooks();
books.put('A_Customer', { Customer: '0000000042' });
books.put('A_Order', { Order: '0000000001', SoldToParty: '0000000042', ChangedAt: '2026-01-01T00:00:00.0000000Z' });
const gateway = new Gateway({ books, random: seededRandom('nonsense'), now: () => new Date(0), paging: null });

/** Pieces of what is right, in any order, with anything between. */
const pieces = (...words: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.string({ maxLength: 3 }) }), {
      maxLength: 9,
    })
    .map((parts) => parts.join(''));
const paths = pieces(
  'A_Order',
  'A_OrderItem',
  "('1')",
  "(Order='1',Item='10')",
  '/',
  'to_Item',
  'to_Customer',
  '$count',
  '$value',
  'Net',
  '(',
  ')',
  "'",
  '%',
  '%27',
  '$batch',
  '$metadata',
  'Release',
  'GetPDF',
);
const filters = pieces(
  'Order',
  'Net',
  'Urgent',
  'OrderDate',
  'to_Customer/Block',
  ' ',
  ' eq ',
  ' gt ',
  ' and ',
  ' or ',
  ' not ',
  '(',
  ')',
  ',',
  "'1'",
  '1.5M',
  'null',
  'true',
  "datetime'2026-01-01T00:00:00'",
  "time'",
  'substringof',
  'endswith(Reference,',
);
const lists = pieces('Order', 'Net', 'to_Item', 'to_Customer', '/', ',', ' desc', '*', ' ');
const whole = fc.constantFrom('0', '1', '', '-1', '1e9', 'x');
const bodies = pieces(
  '{',
  '}',
  '[',
  ']',
  '"Order"',
  '"Net"',
  '"to_Item"',
  ':',
  ',',
  '"1"',
  '1',
  'null',
  'true',
  '"results"',
  '{"d":{}}',
);
const batches = pieces(
  '--b',
  '--b--',
  '\r\n',
  '\n',
  '\r\n\r\n',
  'Content-Type: application/http',
  'Content-Type: multipart/mixed; boundary=c',
  '--c',
  '--c--',
  'GET A_Order HTTP/1.1',
  'POST A_Order HTTP/1.1',
  'GET ',
);

const BATCH = '--b\r\nContent-Type: application/http\r\n\r\nGET A_Order HTTP/1.1\r\n\r\n\r\n--b--\r\n';

it('answers whatever is asked, and never with a dump', () => {
  const asked = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PATCH', 'MERGE', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'),
    path: fc.oneof(fc.constantFrom('A_Order', "A_Order('1')", 'A_OrderItem', 'GetPDF', '$batch'), paths),
    query: fc.oneof(
      fc.constant(''),
      fc
        .record(
          { $filter: filters, $orderby: lists, $select: lists, $expand: lists, $top: whole, $skiptoken: bodies, Order: filters },
          { requiredKeys: [] },
        )
        .map((options) => new URLSearchParams(options).toString()),
    ),
    body: fc.oneof(fc.constantFrom('{}', '{"to_Item":[{}]}', BATCH), bodies, batches),
    headers: fc.record(
      {
        accept: fc.constantFrom('application/json', '*/*'),
        'if-match': fc.constantFrom('*', 'W/"x"', '"%"'),
        'content-type': fc.constantFrom('application/json', 'multipart/mixed; boundary=b', 'multipart/mixed', 'text/xml'),
      },
      { requiredKeys: [] },
    ),
  });
  const called = { origin: 'http://sap', prefix: '/sap/opu/odata/sap', service: 'API_ORDER_SRV' };
  const seen = new Set<number>();
  fc.assert(
    fc.property(asked, (request) => {
      const { status, content } = gateway.answer(called, request);
      seen.add(status);
      expect(status === 501 || status < 500, `${status} ${content.toString().slice(0, 300)}`).toBe(true);
      expect(content.toString()).not.toContain('An exception was raised');
    }),
    { numRuns: 3_000, seed: 7 },
  );
  expect([...seen]).toEqual(expect.arrayContaining([200, 201, 202, 204, 400, 404, 405, 412, 415, 428]));
});
