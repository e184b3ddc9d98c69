/** `tastematch import FILE`: restaurants from NDJSON, a JSON array, CSV or TSV, also while a service is running. */
import { createReadStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { importRestaurants, type ImportOptions } from '../transfer/import-restaurants.ts';
import type { Config } from '../config/config.ts';
import { isKnownCharset } from '../transfer/formats/decode-text.ts';
import type { ImportFormat } from '../transfer/formats/import-source.ts';
import { readImport } from '../transfer/formats/read-import.ts';
import { CommandError } from '../config/expected-error.ts';
import { openStores } from '../storage/open-stores.ts';
import { createTerminalProgress } from './terminal-progress.ts';

export interface ImportCommandOptions extends Omit<ImportOptions, 'returnIds'> {
  /** By default from the name of the file, otherwise from its first character. */
  readonly format: ImportFormat | undefined;
  readonly charset: string;
}

/** `-` is standard input. The exit code is 1 when lines were rejected. */
export async function importCatalogue(
  config: Config,
  file: string,
  { format, charset, ...options }: ImportCommandOptions,
): Promise<void> {
  if (!isKnownCharset(charset)) throw new CommandError(`The charset ${charset} is not known.`);
  const totalBytes = file === '-' ? 0 : sizeOf(file);
  const input = file === '-' ? process.stdin : createReadStream(file);
  let bytesRead = 0;
  input.on('data', (chunk: Buffer) => (bytesRead += chunk.length));
  input.pause();
  const stores = await openStores(config);
  const progress = createTerminalProgress('import');
  try {
    const lines = readImport({ bytes: input, format: format ?? formatOf(file), charset, ...options });
    const { errors, ...counts } = await importRestaurants(
      stores.imports,
      lines,
      { ...options, returnIds: false },
      (done) => progress.update(bytesRead, Math.max(totalBytes, bytesRead), `bytes, ${done} lines`),
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

const formatOfEnding: Readonly<Record<string, ImportFormat>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.csv': 'csv',
  '.tsv': 'tsv',
};

/** Undefined when the name does not tell; `.json` is used for arrays and for NDJSON. */
const formatOf = (file: string) => formatOfEnding[extname(file.replace(/\.gz$/i, '')).toLowerCase()];

function sizeOf(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile()) return found.size;
  throw new CommandError(
    found?.isDirectory() ? `${file} is a folder. Name a file.` : `There is no file ${file}.`,
  );
}
