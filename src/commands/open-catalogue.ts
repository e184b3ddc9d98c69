/** The database with the version of the model in MODEL_DIR, for commands that read or write vectors. */
import { pino } from 'pino';
import type { Config } from '../config/config.ts';
import { createCurrentModel, type CurrentModel } from '../embedding/current-model.ts';
import { openStores, type Stores } from '../storage/open-stores.ts';
import { openEmbedder } from './open-embedder.ts';

/** Reads and checks the model files, starts no model process. */
export async function openCatalogue(
  config: Config,
): Promise<{ readonly stores: Stores; readonly currentModel: CurrentModel }> {
  const stores = await openStores(config);
  const currentModel = createCurrentModel(stores.modelVersions);
  await openEmbedder(config, currentModel, pino({ level: 'error' }, pino.destination(2)));
  return { stores, currentModel };
}
