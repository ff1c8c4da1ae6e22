// The limit of the live bench: bare ws. Each event is made into bytes once and handed to every socket, or to those of its topic; nobody is
// asked who he is, nothing is executed, and nothing minds a socket that is slow.
import type { WebSocket } from 'ws';
import { servePeer } from './live-peer.ts';

interface ClientMessage {
  readonly type: string;
  readonly payload?: { readonly variables?: Readonly<Record<string, string>> };
}

servePeer((acceptor) => {
  const byTopic = new Map<string, Set<WebSocket>>();
  const topic = { field: '', argument: null as string | null };
  acceptor.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as ClientMessage;
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type !== 'subscribe') return;
      const key = topic.argument === null ? '' : (payload?.variables?.[topic.argument] ?? '');
      const sockets = byTopic.get(key) ?? new Set();
      byTopic.set(key, sockets.add(socket));
      socket.on('close', () => sockets.delete(socket));
    });
  });
  return {
    prepare: ({ field, argument }) => void Object.assign(topic, { field, argument }),
    publish: (events) => {
      for (const event of events) {
        const data = { [topic.field]: event.message };
        const bytes = Buffer.from(JSON.stringify({ id: '1', type: 'next', payload: { data } }));
        const sockets = byTopic.get(topic.argument === null ? '' : event.topic) ?? [];
        for (const socket of sockets) socket.send(bytes, { binary: false });
      }
    },
  };
});
