/** Whether the server still answers: one probe at a time, however many statements are waiting. */
import type pg from 'pg';

/** With the 300 ms before a probe (database.ts) a cut connection is noticed within a second. */
const TICK_MS = 50;
const MAX_TICKS = 13;

/** Opens a connection of its own, as those of the pool may be the ones that were cut. */
export function createProbe(createClient: () => pg.Client): () => Promise<boolean> {
  let running: Promise<boolean> | undefined;
  return () => {
    running ??= probe(createClient).finally(() => (running = undefined));
    return running;
  };
}

async function probe(createClient: () => pg.Client): Promise<boolean> {
  const client = createClient();
  client.on('error', () => {});
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    let ticks = 0;
    // Counted in ticks, not by the clock: if this process was blocked, the answer may already be waiting.
    timer = setInterval(() => {
      ticks += 1;
      if (ticks === MAX_TICKS) resolve(false);
    }, TICK_MS);
  });
  const answer = client
    .connect()
    .then(() => client.query('SELECT 1'))
    .then(
      () => true,
      () => false,
    );
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearInterval(timer);
    void client.end().catch(() => {});
  }
}
