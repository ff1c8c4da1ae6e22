// The address of an export's file: it works by itself for an hour, for this file and no other, from wherever a download broke off.
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { byteRange } from '../../src/transport/export/byte-range.ts';
import { createLogger } from '../../src/transport/logger.ts';
import { openBooks, type Person, type Shown, startWorld, type World } from '../support/world.ts';
import { bill } from './company.ts';
import { exported, fetched, serverOf, show } from './exporting.ts';

let world: World;
let admin: Person;
let shown: Shown;
let bytes: Buffer;
beforeAll(async () => {
  world = await startWorld();
  const { legalEntityId } = await openBooks(world);
  admin = await world.as('admin');
  await bill(world, { legalEntityId, customerNumber: 'C-1', count: 50 });
  ({ shown, bytes } = await exported(world, admin, {
    query: '{ invoices { nodes { id number total { amount } } } }',
    format: 'CSV',
  }));
});

const plain = { 'accept-encoding': 'identity' };

describe('a signed address', () => {
  it('gives the whole file, as its record says it is, to whoever has it', async () => {
    const answer = await fetched(world, shown.url, plain);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${shown.fileName}"`,
      'content-length': shown.byteCount,
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      etag: `"${shown.sha256}"`,
    });
    const whole = Buffer.from(await answer.arrayBuffer());
    expect(createHash('sha256').update(whole).digest('hex')).toBe(shown.sha256);
    expect(whole).toEqual(bytes);
  });

  it('goes on from where a download broke off, as long as it is the same file', async () => {
    const part = await fetched(world, shown.url, { ...plain, range: 'bytes=100-', 'if-range': `"${shown.sha256}"` });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 100-${bytes.length - 1}/${bytes.length}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(100));
    const last = await fetched(world, shown.url, { ...plain, range: 'bytes=-7' });
    expect(Buffer.from(await last.arrayBuffer())).toEqual(bytes.subarray(-7));
    expect((await fetched(world, shown.url, { ...plain, range: 'bytes=100-', 'if-range': '"another"' })).status).toBe(200);
    const beyond = await fetched(world, shown.url, { ...plain, range: `bytes=${bytes.length}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
  });

  it('is sent compressed to whoever takes that, and tells its size without sending it', async () => {
    const packed = await fetched(world, shown.url, { 'accept-encoding': 'gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(Buffer.from(await packed.arrayBuffer())).toEqual(bytes);
    const head = await fetch(`${serverOf(world)}${shown.url}`, { method: 'HEAD', headers: plain });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, shown.byteCount, '']);
    expect((await fetch(`${serverOf(world)}${shown.url}`, { method: 'POST' })).status).toBe(405);
  });

  it('changed in any part leads nowhere, and says nothing of why', async () => {
    const { pathname, searchParams } = new URL(shown.url, 'http://x');
    const expires = searchParams.get('expires') ?? '';
    const signature = searchParams.get('signature') ?? '';
    const address = (path: string, changed: Record<string, string>) =>
      `${path}?${new URLSearchParams({ expires, signature, ...changed }).toString()}`;
    const other = (await exported(world, admin, { query: '{ customers { nodes { id } } }' })).shown;
    const bodies = new Set<string>();
    for (const url of [
      address(pathname, { expires: String(Number(expires) + 1) }),
      address(pathname, { signature: `${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}` }),
      address(pathname, { signature: '' }),
      address(pathname, { expires: '' }),
      address(pathname, { expires: '9'.repeat(400) }),
      address(other.url.split('?')[0], {}),
      address(pathname.replace(shown.fileName, 'other.csv'), {}),
      address(`${pathname}/../../secret-key`, {}),
      address(pathname.replace('exp_', 'inv_'), {}),
      address('/exports/exp_0190a6b2-0000-7000-8000-000000000001/x.csv', {}),
    ]) {
      const answer = await fetched(world, url, plain);
      const body = await answer.text();
      expect([url, answer.status]).toEqual([url, 404]);
      bodies.add(body.replace(/"(requestId|errorId)":"[^"]*"/g, ''));
    }
    expect(bodies.size).toBe(1);
    expect((await fetched(world, pathname, plain)).status).toBe(401);
  });

  it('works for an hour, and each read of the record makes a new one', async () => {
    const url = shown.url;
    world.clock.advance(3_601_000);
    expect((await fetched(world, url)).status).toBe(404);
    const again: Shown = await show(admin, shown.id);
    expect(again.url).not.toBe(url);
    expect((await fetched(world, again.url)).status).toBe(200);
  });
});

it('a signature that gets into a text of the log is struck out', () => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  logger.error({ err: new Error(`GET ${shown.url} broke off`) }, 'request failed');
  const { searchParams } = new URL(shown.url, 'http://x');
  expect(lines.join('')).toContain(`signature=[gone]`);
  expect(lines.join('')).not.toContain(searchParams.get('signature'));
});

it.each([
  [undefined, null],
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=2-', { start: 2, end: 9 }],
  ['bytes=2-400', { start: 2, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-30', { start: 0, end: 9 }],
  ['bytes=-0', 'OUTSIDE'],
  ['bytes=10-', 'OUTSIDE'],
  ['bytes=5-2', null],
  ['bytes=1-2,4-5', null],
  ['bytes=-', null],
  ['rows=1-2', null],
])('of ten bytes, the range %s is %o', (header, expected) => {
  expect(byteRange(header, 10)).toEqual(expected);
});
