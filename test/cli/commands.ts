// The command line as a user runs it, in processes of their own, and a server that such a command started.
import { join } from 'node:path';
import { type NodeProcess, runNode, until } from '../support/processes.ts';

const BOOT = join(import.meta.dirname, '../../boot.mjs');

export interface Done {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Of the machine only what a command needs: no DATABASE_URL of the test run, no PORT. */
const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  LOG_LEVEL: 'warn',
  ...more,
});

export const spawnCommand = (args: readonly string[], env: NodeJS.ProcessEnv = {}): NodeProcess =>
  runNode([BOOT, ...args], { env: environment(env), stdin: 'ignore' });

export async function command(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Done> {
  const process = spawnCommand(args, env);
  const code = await process.ended;
  return { code, stdout: process.stdout(), stderr: process.stderr() };
}

export interface Running extends NodeProcess {
  readonly url: string;
}

/** `start`, until it says that it is ready. */
export async function startServer(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const server = spawnCommand(['start', '--port', '0', ...args], env);
  let code: number | string | undefined;
  void server.ended.then((ended) => {
    code = ended;
  });
  await until(() => code !== undefined || /^ready /m.test(server.stdout()));
  const url = /^ready (\S+)\/graphql$/m.exec(server.stdout())?.[1];
  if (url === undefined) throw new Error(`start ended with ${code}: ${server.stderr()}`);
  return { ...server, url };
}

/** One operation over HTTP. */
export async function ask<Data>({ url }: Running, token: string, body: { query: string; variables?: unknown }): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}
