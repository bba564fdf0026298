/**
 * A timer that a browser does not slow down because its tab is hidden.
 *
 * Timers of a hidden page may run once a minute; those of a worker run on. Both are started, so
 * that the wall still looks where no worker can be had or one has died.
 */

/** Calls `look` about every so many milliseconds; the answer ends that. */
export function startTicker(millis: number, look: () => void): () => void {
  let lookedAt = -Infinity;
  const once = () => {
    const now = performance.now();
    // Half a period apart, so that two timers do not look twice.
    if (now - lookedAt < millis / 2) return;
    lookedAt = now;
    look();
  };
  const timer = setInterval(once, millis);
  const worker = startWorker();
  if (worker !== undefined) {
    worker.onmessage = once;
    worker.postMessage(millis);
  }
  return () => {
    clearInterval(timer);
    worker?.terminate();
  };
}

function startWorker(): Worker | undefined {
  try {
    return new Worker(new URL('./ticker_worker.ts', import.meta.url), { type: 'module' });
  } catch {
    return undefined;
  }
}
