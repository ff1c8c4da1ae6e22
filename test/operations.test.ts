// What operators look at: health, readiness, metrics.
import request from 'supertest';
import { expect, it } from 'vitest';
import { startWorld } from './support/world.ts';

const world = await startWorld();
const server = () => request(new URL(world.url).origin);

it('says that the process is alive', async () => {
  const { status } = await server().get('/healthz');
  expect(status).toBe(200);
});

it('is ready when the database answers and nothing waits to be sealed, and names what it looked at', async () => {
  const { body } = await server().get('/readyz').expect(200);
  expect(JSON.stringify(body)).toMatch(/database.*sealer/);
});

it('counts requests by status, and tells nothing of who asked', async () => {
  const token = await world.tokenOf('admin');
  await request(world.url).post('').set('authorization', `Bearer ${token}`).send({ query: '{ me { name } }' }).expect(200);
  const { text } = await server().get('/metrics').expect(200);
  expect(text).toMatch(/http_request/);
  expect(text).not.toContain(token.slice(0, 40));
});
