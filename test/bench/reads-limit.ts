// The limit of the read bench, in a process of its own: bare Node http and pg, one statement written by hand for each read, no GraphQL, no
// body to parse, nobody to authenticate. `GET /q1/<tenant>/<value>…`.
import { createServer } from 'node:http';
import pg from 'pg';
import { LIMIT_STATEMENTS } from './reads-limit-statements.ts';
import { type PeerStart, sayReady } from './reads-peer.ts';

const { connection, poolMax } = JSON.parse(process.argv[2] ?? '') as PeerStart;
const asText = { getTypeParser: () => (value: string) => value };
const pool = new pg.Pool({ ...connection, max: poolMax, types: asText as unknown as pg.CustomTypesConfig });

const server = createServer((request, response) => {
  const [, name = '', ...values] = (request.url ?? '').split('/');
  const text = LIMIT_STATEMENTS[name as keyof typeof LIMIT_STATEMENTS];
  pool.query({ name, text, values: values.map(decodeURIComponent), rowMode: 'array' }, (error, result) => {
    const bytes = Buffer.from(error ? `{"errors":${JSON.stringify(String(error))}}` : `{"data":${result.rows[0]?.[0]}}`);
    response.writeHead(error ? 500 : 200, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  });
});
server.listen(0, '127.0.0.1', () => sayReady(server.address()));
