/** The database with the generation of the model in MODEL_DIR, for commands that deal with vectors. */
import { pino } from 'pino';
import type { Config } from '../config/config.ts';
import { openEmbedder } from './open-embedder.ts';
import { openStores, type Stores } from '../storage/sqlite/open.ts';

/** Reads and checks the model files, starts no model process. */
export async function openCatalogue(config: Config): Promise<Stores> {
  const stores = openStores(config);
  await openEmbedder(config, stores.embeddings, pino({ level: 'error' }, pino.destination(2)));
  return stores;
}
