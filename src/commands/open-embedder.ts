/** Sets up the embedder, and identifies the model in the model folder. */
import { basename, dirname, join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { MutableCurrentModel } from '../embedding/current-model.ts';
import type { EmbedderModel } from '../embedding/embedder.ts';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import { createChildEmbedder, type ChildEmbedder } from '../inference/child-embedder.ts';
import { createFileHashes } from '../inference/file-hash.ts';
import { findModelFiles } from '../inference/model-files.ts';
import type { ProcessEvent } from '../inference/process-supervisor.ts';

export type OpenEmbedder = ChildEmbedder & { readonly modelName: string };

type EmbedderConfig = Pick<
  Config,
  'databasePath' | 'modelDir' | 'embedQueueLimit' | 'embedTimeoutMs' | 'modelIdleSeconds'
>;

/** A model that cannot be used is logged and does not keep the service from starting. */
export async function openEmbedder(
  config: EmbedderConfig,
  currentModel: MutableCurrentModel,
  log: Logger,
  hooks: {
    readonly rejectStart?: () => EmbeddingError | undefined;
    readonly rejectBackground?: () => EmbeddingError | undefined;
    readonly onEvent?: (event: ProcessEvent) => void;
  } = {},
): Promise<OpenEmbedder> {
  const hashes = createFileHashes(join(dirname(config.databasePath), 'verified-model-files.json'));
  const identify = () => findModelFiles(config.modelDir, hashes);

  /** Vectors of another model become stale. */
  async function use(model: EmbedderModel): Promise<void> {
    const { id } = await currentModel.versionOf(model);
    log.info({ ...model, modelVersion: id }, 'model identified');
  }

  try {
    const { name: model, sha256, dimensions } = await identify();
    await use({ model, sha256, dimensions });
  } catch (error) {
    if (!(error instanceof EmbeddingError)) throw error;
    const modelDir = resolve(config.modelDir);
    log.error(
      { code: error.code, modelDir },
      `the model in ${modelDir} cannot be used: ${error.message}. Restaurants are stored and found by their words, ` +
        'but not embedded. Put a model in the Hugging Face layout there, or set MODEL_DIR and restart',
    );
  }

  const embedder = createChildEmbedder({
    identify,
    queueLimit: config.embedQueueLimit,
    timeoutMs: config.embedTimeoutMs,
    idleSeconds: config.modelIdleSeconds,
    ...(hooks.rejectStart && { rejectStart: hooks.rejectStart }),
    ...(hooks.rejectBackground && { rejectBackground: hooks.rejectBackground }),
    onEvent(event) {
      logEvent(log, event);
      if (event.type === 'ready')
        use(event.model).catch((err: unknown) => log.error({ err }, 'the model cannot be registered'));
      hooks.onEvent?.(event);
    },
  });
  return { ...embedder, modelName: basename(resolve(config.modelDir)) };
}

function logEvent(log: Logger, event: ProcessEvent): void {
  if (event.type === 'output') {
    log.warn({ output: event.line }, 'model process wrote to its standard error');
    return;
  }
  const { type, ...details } = event;
  const level = type === 'start-failed' || type === 'crashed' ? 'warn' : 'info';
  if ('error' in details) {
    const { error, ...rest } = details;
    log[level]({ ...rest, code: error.code }, `model process ${type}: ${error.message}`);
  } else log[level](details, `model process ${type}`);
}
