/** The real path of a database file, and its permissions. */
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const MAX_LINKS = 40;

/**
 * The path without symbolic links, also for a file that does not exist yet: processes that reach one database by
 * different paths must use the same locks. Creates missing folders. Throws the file system's error.
 */
export function realDatabasePath(path: string): string {
  if (path === ':memory:') return path;
  let target = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    mkdirSync(dirname(target), { recursive: true });
    const real = join(realpathSync(dirname(target)), basename(target));
    const found = lstatSync(real, { throwIfNoEntry: false });
    if (!found?.isSymbolicLink()) return real;
    target = resolve(dirname(real), readlinkSync(real));
  }
  return realpathSync(path); // Throws ELOOP.
}

/** Creates the file, readable and writable by this user alone, when it is missing. SQLite gives its log the same mode. */
export function createPrivateFile(path: string): void {
  if (path !== ':memory:' && !existsSync(path)) closeSync(openSync(path, 'a', 0o600));
}
