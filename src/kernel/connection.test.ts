import { expect, it } from 'vitest';
import { withSettings } from './connection.ts';

it('adds settings to those that are there', () => {
  expect(withSettings({ host: 'db', options: '-c a=1' }, { role: 'x', b: 2 })).toEqual({
    host: 'db',
    options: '-c a=1 -c role=x -c b=2',
  });
});

it('puts them into the connection string where there is one, since that wins', () => {
  const { connectionString } = withSettings(
    { connectionString: 'postgres://me:p%40ss@db:5433/books?options=-c%20a%3D1' },
    { role: 'x' },
  );
  const url = new URL(connectionString);
  expect(url.searchParams.get('options')).toBe('-c a=1 -c role=x');
  expect([url.host, url.password, url.pathname]).toEqual(['db:5433', 'p%40ss', '/books']);
});
