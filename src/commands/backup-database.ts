/** `tastematch backup FILE` and `tastematch restore FILE`. */
import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { backUp, restore } from '../storage/sqlite/maintenance/backup.ts';
import { CommandError } from '../config/expected-error.ts';
import { createTerminalProgress } from './terminal-progress.ts';

/** A service may be running meanwhile. */
export async function backupDatabase({ databasePath, databaseUrl }: Config, file: string): Promise<void> {
  refuseForPostgres(databaseUrl);
  if (existsSync(file)) throw new CommandError(`${file} exists already; name a new file.`);
  const progress = createTerminalProgress('backup');
  await backUp(databasePath, file, (done, total) => progress.update(done, total, 'pages'));
  progress.stop();
  process.stderr.write(`${file} is a checked copy of ${databasePath}.\n`);
}

/** Fails while another process has the database open. The old file is kept next to the new one. */
export async function restoreDatabase({ databasePath, databaseUrl }: Config, file: string): Promise<void> {
  refuseForPostgres(databaseUrl);
  const progress = createTerminalProgress('restore');
  const kept = await restore(file, databasePath, new Date(), (done, total) =>
    progress.update(done, total, 'pages'),
  );
  progress.stop();
  process.stderr.write(`${databasePath} has been restored from ${file}.\n`);
  if (kept) process.stderr.write(`The earlier database is kept as ${kept}.\n`);
}

function refuseForPostgres(databaseUrl: string): void {
  if (databaseUrl === '') return;
  throw new CommandError(
    'DATABASE_URL names a PostgreSQL database: back it up with pg_dump, or by what its provider offers.',
  );
}
