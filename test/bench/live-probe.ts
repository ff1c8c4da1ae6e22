// Loaded before a server of the live bench: tells what it uses when it is asked, after all that can be freed was freed, and ends the
// server with the bench.
export interface Usage {
  readonly rssBytes: number;
  /** What of it the engine gave back when told that memory is short: room of a busy moment, which it keeps for the next one. 0 unless asked. */
  readonly spareBytes: number;
  readonly heapBytes: number;
  readonly cpuMicros: number;
}

const GC = (globalThis as { readonly gc?: (how?: { type: 'major'; flavor: 'last-resort'; execution: 'sync' }) => void }).gc;

process.on('message', (message: { readonly ask?: string }) => {
  if (message.ask !== 'usage' && message.ask !== 'usage after gc' && message.ask !== 'usage and spare') return;
  if (message.ask !== 'usage') {
    GC?.();
    GC?.();
  }
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  if (message.ask === 'usage and spare') GC?.({ type: 'major', flavor: 'last-resort', execution: 'sync' });
  const spareBytes = message.ask === 'usage and spare' ? rss - process.memoryUsage().rss : 0;
  process.send?.({ rssBytes: rss, spareBytes, heapBytes: heapUsed, cpuMicros: user + system } satisfies Usage);
});
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// what listens here keeps no server from ending
process.channel?.unref();
