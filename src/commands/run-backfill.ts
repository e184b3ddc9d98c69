/** `tastematch backfill`: embeds the rest of the catalogue from the command line, with progress. */
import { pino } from 'pino';
import type { Config } from '../config/config.ts';
import { createLazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { BackfillProgress } from '../embedding/backfill/backfill.ts';
import { CommandError } from '../config/expected-error.ts';
import { readCpu } from '../cpu/read-cpu.ts';
import { openBackfill } from './open-backfill.ts';
import { openEmbedder, type OpenEmbedder } from './open-embedder.ts';
import { openGovernor } from '../memory/open-governor.ts';
import { createCurrentModel, type MutableCurrentModel } from '../embedding/current-model.ts';
import { openStores, type Stores } from '../storage/open-stores.ts';
import { createTerminalProgress } from './terminal-progress.ts';

/** Transient rejections in a row, one a second, after which the command gives up. */
const REJECTION_LIMIT = 5;

const SERVICE_IS_RUNNING =
  'A service is running on this database: start the backfill there, with POST /embeddings/backfill.';

/** Exit code 1 when something could not be embedded. Ctrl-C stops after the current text; the next run continues. */
export async function runBackfill(
  config: Config,
  { batchSize }: { readonly batchSize: number },
): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const log = pino({ level: 'warn' }, pino.destination(2));
  const stores = await openStores(config, { exclusiveModel: { rejection: SERVICE_IS_RUNNING } });
  const currentModel = createCurrentModel(stores.modelVersions);
  const governor = openGovernor(config, log);
  const embedder = await openEmbedder(config, currentModel, log, { rejectStart: governor.rejectModel });
  governor.watchModel(embedder.childMemory);
  governor.addRelief({ name: 'model', relieve: () => embedder.end('memory') });
  try {
    const progress = await embedAll(config, stores, currentModel, embedder, batchSize, interrupted.signal);
    const { state, reason, done, failed, textsPerSecond } = progress;
    process.stdout.write(
      `${JSON.stringify({ state, ...(reason && { reason }), done, failed, textsPerSecond })}\n`,
    );
    if (failed > 0) process.exitCode = 1;
    if (state === 'stopped' && !interrupted.signal.aborted) {
      throw new CommandError(
        `The backfill stopped (${reason}). What is embedded is kept; run it again to continue.`,
      );
    }
  } finally {
    await embedder.close();
    await stores.close();
  }
}

const printError = ({ message }: Error) => void process.stderr.write(`backfill: ${message}\n`);

/** Not paused by throttling, as an operator waits for this command: the share of the quota. */
const quotaShare = {
  backgroundBatch: (batchSize: number) => batchSize,
  backgroundPercent: (percent: number) => percent * Math.min(1, readCpu().quotaCores ?? 1),
};

async function embedAll(
  config: Config,
  stores: Stores,
  currentModel: MutableCurrentModel,
  embedder: OpenEmbedder,
  batchSize: number,
  interrupted: AbortSignal,
): Promise<BackfillProgress> {
  const embedding = createLazyEmbedding({
    store: stores.embeddings,
    embedder,
    currentModel,
    onStoreError: printError,
  });
  const bar = createTerminalProgress('backfill');
  let shownReason: string | undefined;
  const backfill = openBackfill(config, stores, currentModel, embedding, embedder, quotaShare, {
    onProgress(now) {
      bar.update(now.done + now.failed, now.total, remark(now));
      if (now.state === 'waiting' && now.reason !== shownReason)
        process.stderr.write(`backfill: waiting (${now.reason})\n`);
      shownReason = now.reason;
    },
    onError: printError,
    rejectionLimit: REJECTION_LIMIT,
  });
  // Closing the embedder also ends a model process that is still starting.
  const stop = () => void Promise.all([backfill.stop(), embedder.close()]).catch(printError);
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    if (!interrupted.aborted) await embedder.load();
    if (!interrupted.aborted) await backfill.start({ batchSize });
    await backfill.whenDone();
  } catch (error) {
    if (!interrupted.aborted) throw error;
  } finally {
    bar.stop();
  }
  return backfill.progress();
}

function remark({ textsPerSecond, estimatedSecondsLeft, failed }: BackfillProgress): string {
  const left = estimatedSecondsLeft === null ? '' : `, about ${estimatedSecondsLeft} s left`;
  return `· ${textsPerSecond} texts/s${left}${failed > 0 ? `, ${failed} failed` : ''}`;
}
