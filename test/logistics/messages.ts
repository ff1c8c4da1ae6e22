// Signed messages to the webhook of a provider, and what is answered.
import { signMessage } from '../../src/connect/signature.ts';
import type { World } from '../support/world.ts';
import type { Provider } from './providers.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly json: {
    readonly recorded?: number;
    readonly known?: number;
    readonly errors?: { message: string; extensions: { code: string; inputPath?: string[]; details?: unknown } }[];
  };
}

let messages = 0;

export interface Sending {
  readonly id?: string;
  readonly secret?: string;
  readonly at?: Date;
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** A text or bytes go as they are, anything else as JSON. */
export async function post(world: World, provider: Provider, body: unknown, sending: Sending = {}): Promise<Answered> {
  const { id = `msg_${(messages += 1)}`, secret = provider.secret, at = world.clock.now() } = sending;
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const headers = new Headers({ 'content-type': 'application/json', ...signMessage({ id, at, body: bytes, secrets: [secret] }) });
  for (const [name, value] of Object.entries(sending.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  const { method = 'POST', url = provider.webhookUrl } = sending;
  const response = await fetch(url, { method, headers, ...(method === 'GET' ? {} : { body: bytes }) });
  return { status: response.status, headers: response.headers, json: (await response.json()) as Answered['json'] };
}

export const eventOf = (world: World, more: Readonly<Record<string, unknown>>) => ({
  id: `e-${(messages += 1)}`,
  kind: 'IN_TRANSIT',
  occurredAt: world.clock.now().toISOString(),
  ...more,
});
