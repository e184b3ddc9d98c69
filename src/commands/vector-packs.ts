/** `tastematch vectors export|import FILE`: one machine computes the vectors, another only stores them. */
import { createReadStream } from 'node:fs';
import type { StoredModelVersion } from '../catalog/model-version.ts';
import { CommandError } from '../config/expected-error.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { Config } from '../config/config.ts';
import { packVectors, unpackVectors } from '../transfer/vector-pack.ts';
import { openCatalogue } from './open-catalogue.ts';
import { createTerminalProgress } from './terminal-progress.ts';
import { writeFileWhole } from './write-file.ts';

export async function exportVectors(config: Config, file: string): Promise<void> {
  const { stores, currentModel } = await openCatalogue(config);
  const progress = createTerminalProgress('vectors');
  try {
    const modelVersion = identified(currentModel);
    const { ready } = await stores.embeddings.counts(modelVersion);
    let count = 0;
    await writeFileWhole(
      file,
      packVectors(stores.vectors, modelVersion, (vectors) => {
        count = vectors;
        progress.update(vectors, ready);
      }),
    );
    progress.stop();
    process.stderr.write(`${count} vectors were written.\n`);
  } finally {
    await stores.close();
  }
}

export async function importVectors(config: Config, file: string): Promise<void> {
  const { stores, currentModel } = await openCatalogue(config);
  const progress = createTerminalProgress('vectors');
  try {
    const input = file === '-' ? process.stdin : createReadStream(file);
    const { vectors, stored } = await unpackVectors(stores.vectors, identified(currentModel), input, (done) =>
      progress.update(done, done, 'vectors read'),
    );
    progress.stop();
    process.stdout.write(`${JSON.stringify({ vectors, restaurantsEmbedded: stored })}\n`);
  } finally {
    await stores.close();
  }
}

function identified(currentModel: CurrentModel): StoredModelVersion {
  const version = currentModel.version();
  if (version) return version;
  throw new CommandError('No model can be identified in MODEL_DIR, so there is no version of vectors.');
}
