/** `tastematch vectors export|import FILE`: one machine computes the vectors, another only stores them. */
import { createReadStream } from 'node:fs';
import type { Config } from '../config/config.ts';
import { packVectors, unpackVectors } from '../transfer/vector-pack.ts';
import { openCatalogue } from './open-catalogue.ts';
import { createTerminalProgress } from './terminal-progress.ts';
import { writeFileWhole } from './write-file.ts';

export async function exportVectors(config: Config, file: string): Promise<void> {
  const stores = await openCatalogue(config);
  const progress = createTerminalProgress('vectors');
  try {
    const { ready } = await stores.embeddings.counts();
    let count = 0;
    await writeFileWhole(
      file,
      packVectors(stores.packs, (vectors) => {
        count = vectors;
        progress.update(vectors, ready);
      }),
    );
    progress.stop();
    process.stderr.write(`${count} vectors were written.\n`);
  } finally {
    stores.close();
  }
}

export async function importVectors(config: Config, file: string): Promise<void> {
  const stores = await openCatalogue(config);
  const progress = createTerminalProgress('vectors');
  try {
    const input = file === '-' ? process.stdin : createReadStream(file);
    const { vectors, stored } = await unpackVectors(stores.packs, input, (done) =>
      progress.update(done, done, 'vectors read'),
    );
    progress.stop();
    process.stdout.write(`${JSON.stringify({ vectors, restaurantsEmbedded: stored })}\n`);
  } finally {
    stores.close();
  }
}
