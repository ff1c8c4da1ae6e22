// The audits of graphql-http against the real server: what the specification of GraphQL over HTTP says that a server must and should do.
import { serverAudits } from 'graphql-http';
import { expect, it } from 'vitest';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { token } = await world.as('admin');
const fetchFn = (url: string, init: RequestInit = {}) =>
  fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` } });

it('every audit of GraphQL over HTTP passes: what a server must do, what it should, and what it may', async () => {
  const audits = serverAudits({ url: world.url, fetchFn });
  const results = await Promise.all(audits.map(async (audit) => ({ name: audit.name, result: await audit.fn() })));
  const failed = results.filter(({ result }) => result.status !== 'ok');
  expect(failed.map(({ name, result }) => `${name}: ${'reason' in result ? result.reason : ''}`)).toEqual([]);
  const count = (word: string) => audits.filter(({ name }) => name.startsWith(word)).length;
  expect({ must: count('MUST'), should: count('SHOULD'), may: count('MAY') }).toEqual({ must: 13, should: 23, may: 25 });
});
