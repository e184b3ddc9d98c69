/** `tastematch backfill`: embeds the rest of the catalogue from the command line, with progress. */
import { pino } from 'pino';
import type { Config } from '../config.ts';
import { createLazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { BackfillProgress } from '../embedding/backfill.ts';
import { lockDatabase } from '../store/service-lock.ts';
import { openBackfill } from './open-backfill.ts';
import { openEmbedder } from './open-embedder.ts';
import { openGovernor } from './open-governor.ts';
import { openStores } from './open-stores.ts';
import { createTerminalProgress } from './terminal-progress.ts';

/** Exit code 1 when something could not be embedded. Ctrl-C stops within one text; the next run goes on. */
export async function runBackfill(
  config: Config,
  { batchSize }: { readonly batchSize: number },
): Promise<void> {
  const unlock = lockDatabase(
    config.databasePath,
    'A service is running on this database and has the model: ask it, with POST /embeddings/backfill.',
  );
  const log = pino({ level: 'warn' }, pino.destination(2));
  const stores = openStores(config);
  const governor = openGovernor(
    config,
    {
      dropMatrix: () => 0,
      clearQueries: () => 0,
      endModel: () => embedder.end('memory'),
      modelUsage: () => embedder.childUsage(),
    },
    log,
  );
  const embedder = await openEmbedder(config, stores.embeddings, log, { refuseStart: governor.refuseModel });
  const embedding = createLazyEmbedding({ store: stores.embeddings, embedder });
  const progress = createTerminalProgress('backfill');
  const backfill = openBackfill(config, stores, embedding, embedder, (now) => {
    progress.update(now.done + now.failed, now.total, remark(now));
  });
  const stop = () => void backfill.stop();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await embedder.load();
    await backfill.start({ batchSize });
    await backfill.whenDone();
    progress.stop();
    const { state, done, failed, textsPerSecond } = await backfill.progress();
    process.stdout.write(`${JSON.stringify({ state, done, failed, textsPerSecond })}\n`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    await embedder.close();
    stores.close();
    unlock();
  }
}

function remark({ textsPerSecond, estimatedSecondsLeft, failed }: BackfillProgress): string {
  const left = estimatedSecondsLeft === null ? '' : `, about ${estimatedSecondsLeft} s left`;
  return `· ${textsPerSecond} texts/s${left}${failed > 0 ? `, ${failed} failed` : ''}`;
}
