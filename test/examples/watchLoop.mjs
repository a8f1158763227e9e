// Loaded into an example's process: how long its loop stood still at most, in milliseconds, and its memory at the highest, in MB.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send !== undefined) {
  // Loading is over after a while.
  const delay = monitorEventLoopDelay({ resolution: 5 });
  setTimeout(() => delay.enable(), 500).unref();
  process.on('message', () => {
    process.send({ standing: delay.max / 1e6, memory: process.resourceUsage().maxRSS / 1024 });
  });
  process.channel.unref();
}
