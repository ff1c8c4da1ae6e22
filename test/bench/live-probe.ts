// Loaded before a server of the live bench: tells what it uses when it is asked, after all that can be freed was freed, and ends the
// server with the bench.
export interface Usage {
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly cpuMicros: number;
}

const GC = (globalThis as { readonly gc?: () => void }).gc;

process.on('message', (message: { readonly ask?: string }) => {
  if (message.ask !== 'usage' && message.ask !== 'usage after gc') return;
  if (message.ask === 'usage after gc') {
    GC?.();
    GC?.();
  }
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ rssBytes: rss, heapBytes: heapUsed, cpuMicros: user + system } satisfies Usage);
});
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// what listens here keeps no server from ending
process.channel?.unref();
