/** SIGTERM and SIGINT: the first one stops the service gracefully, the second one ends the process at once. */

/** Resolves with the first signal. */
export function nextStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    function onSignal(signal: NodeJS.Signals): void {
      // Without a listener Node's default action applies: the next signal ends the process.
      for (const each of signals) process.off(each, onSignal);
      resolve(signal);
    }
    for (const signal of signals) process.on(signal, onSignal);
  });
}
