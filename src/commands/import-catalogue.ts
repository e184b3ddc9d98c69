/** `tastematch import FILE`: restaurants from NDJSON or CSV, also beside a running service. */
import { createReadStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { importRestaurants, type ImportOptions } from '../transfer/import-restaurants.ts';
import type { Config } from '../config/config.ts';
import { readImport, type ImportFormat } from '../transfer/import-formats.ts';
import { CommandError } from '../config/expected-error.ts';
import { openStores } from '../storage/open-stores.ts';
import { createTerminalProgress } from './terminal-progress.ts';

export interface ImportCommandOptions extends ImportOptions {
  /** By default from the file's ending, NDJSON when that says nothing. */
  readonly format: ImportFormat | undefined;
}

/** `-` is standard input. The exit code is 1 when lines were refused. */
export async function importCatalogue(
  config: Config,
  file: string,
  { format, ...options }: ImportCommandOptions,
): Promise<void> {
  const totalBytes = file === '-' ? 0 : sizeOf(file);
  const input = file === '-' ? process.stdin : createReadStream(file);
  let bytesRead = 0;
  input.on('data', (chunk: Buffer) => (bytesRead += chunk.length));
  input.pause();
  const stores = await openStores(config);
  const progress = createTerminalProgress('import');
  try {
    const lines = readImport(format ?? (extname(file) === '.csv' ? 'csv' : 'ndjson'), input);
    const { errors, ...counts } = await importRestaurants(stores.imports, lines, options, (done) =>
      progress.update(bytesRead, Math.max(totalBytes, bytesRead), `bytes, ${done} lines`),
    );
    progress.stop();
    for (const { line, code, detail } of errors) process.stderr.write(`line ${line}: ${code}: ${detail}\n`);
    if (counts.failed > errors.length) {
      process.stderr.write(`and ${counts.failed - errors.length} more lines\n`);
    }
    process.stdout.write(`${JSON.stringify({ ...counts, dryRun: options.dryRun })}\n`);
    if (counts.failed > 0) process.exitCode = 1;
  } finally {
    await stores.close();
  }
}

function sizeOf(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile()) return found.size;
  throw new CommandError(`There is no file ${file}.`);
}
