/** Opens a database to be copied from or to, by its URL. */
import type { CopyStore } from '../transfer/copy-store.ts';
import { StorageError } from '../catalog/storage-error.ts';
import { openSqliteCopy } from './sqlite/copy/open-copy.ts';

/** `sqlite:FILE` or `postgres://…`. Rejects with a `StorageError`. */
export async function openCopy(url: string): Promise<CopyStore> {
  const file = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (file !== undefined) return openSqliteCopy(file);
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { openPostgresCopy } = await import('./postgres/copy/open-copy.ts');
    return openPostgresCopy(url);
  }
  throw new StorageError(
    'unavailable',
    'Name the database as sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME.',
  );
}
