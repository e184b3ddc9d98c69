/** Sets up the embedder, and keeps the model version in use in step with the files in the model folder. */
import { basename, dirname, join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import type { MutableCurrentModel } from '../embedding/current-model.ts';
import type { ModelVersionStore } from '../embedding/model-version-store.ts';
import { TEXT_TEMPLATE_VERSION } from '../embedding/embedding-text.ts';
import { createChildEmbedder, type ChildEmbedder } from '../inference/child-embedder.ts';
import { createFileHashes } from '../inference/file-hash.ts';
import { findModelFiles, type ModelFiles } from '../inference/model-files.ts';
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
    readonly onEvent?: (event: ProcessEvent) => void;
    /** Frees what earlier model versions left in the database: for the process that holds the model. */
    readonly modelVersions?: Pick<ModelVersionStore, 'dropUnused'>;
  } = {},
): Promise<OpenEmbedder> {
  const hashes = createFileHashes(join(dirname(config.databasePath), 'verified-model-files.json'));
  let inUse: string | undefined;

  async function identify(): Promise<ModelFiles> {
    const files = await findModelFiles(config.modelDir, hashes);
    const { name: model, sha256, dimensions } = files;
    if (sha256 === inUse) return files;
    try {
      const version = { model, sha256, dimensions, templateVersion: TEXT_TEMPLATE_VERSION };
      const stored = await currentModel.use(version);
      await hooks.modelVersions?.dropUnused(stored);
    } catch (error) {
      throw new EmbeddingError('not-stored', `the model cannot be noted: ${(error as Error).message}`);
    }
    inUse = sha256;
    log.info({ model, sha256, dimensions }, 'model identified');
    return files;
  }

  try {
    await identify();
  } catch (error) {
    if (!(error instanceof EmbeddingError)) throw error;
    log.error({ code: error.code, modelDir: config.modelDir }, `the model cannot be used: ${error.message}`);
  }

  const embedder = createChildEmbedder({
    identify,
    queueLimit: config.embedQueueLimit,
    timeoutMs: config.embedTimeoutMs,
    idleSeconds: config.modelIdleSeconds,
    ...(hooks.rejectStart && { rejectStart: hooks.rejectStart }),
    onEvent(event) {
      logEvent(log, event);
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
