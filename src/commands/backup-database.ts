/** `tastematch backup FILE` and `tastematch restore FILE`. */
import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { backUp, restore } from '../storage/sqlite/maintenance/backup.ts';
import { CommandError } from '../config/expected-error.ts';
import { createTerminalProgress } from './terminal-progress.ts';

/** Online: a service may be running, and goes on. */
export async function backupDatabase({ databasePath }: Config, file: string): Promise<void> {
  if (existsSync(file)) throw new CommandError(`${file} exists already; name a new file.`);
  const progress = createTerminalProgress('backup');
  await backUp(databasePath, file, (done, total) => progress.update(done, total, 'pages'));
  progress.stop();
  process.stderr.write(`${file} is a checked copy of ${databasePath}.\n`);
}

/** Refused while another process has the database open; the earlier file is kept beside the new one. */
export async function restoreDatabase({ databasePath }: Config, file: string): Promise<void> {
  const progress = createTerminalProgress('restore');
  const kept = await restore(file, databasePath, new Date(), (done, total) =>
    progress.update(done, total, 'pages'),
  );
  progress.stop();
  process.stderr.write(`${databasePath} has been restored from ${file}.\n`);
  if (kept) process.stderr.write(`The earlier database is kept as ${kept}.\n`);
}
