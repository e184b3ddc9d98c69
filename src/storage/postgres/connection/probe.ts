/** Whether the server still answers: one probe at a time, however many statements are waiting. */
import type pg from 'pg';

/** With {@link SUSPICIOUS_MS} of database.ts this tells within a second that a connection was cut. */
const PROBE_MS = 400;

let running: Promise<boolean> | undefined;

/** Opens a connection of its own, as those of the pool may be the ones that were cut. */
export function answersInTime(createClient: () => pg.Client): Promise<boolean> {
  running ??= probe(createClient).finally(() => (running = undefined));
  return running;
}

async function probe(createClient: () => pg.Client): Promise<boolean> {
  const client = createClient();
  client.on('error', () => {});
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_MS);
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
    clearTimeout(timer);
    void client.end().catch(() => {});
  }
}
