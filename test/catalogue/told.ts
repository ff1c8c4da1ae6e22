// The events of one type that somebody is told of, from the beginning.
import { collect, type Person } from '../support/world.ts';

interface Told {
  readonly type: string;
  readonly recordVersion: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

interface Message {
  readonly events: { readonly event: Told };
}

/** Waits until `count` events of the type came. */
export async function told(person: Person, type: string, count: number): Promise<Told[]> {
  const query = 'subscription { events(after: "0") { event { type recordVersion payload } } }';
  const ofType = (messages: readonly Message[]) =>
    messages.map(({ events }) => events.event).filter((event) => event.type === type);
  return ofType(await collect<Message>(person.socket(), query, {}, (messages) => ofType(messages).length >= count));
}
