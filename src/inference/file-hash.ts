/** sha-256 of files, remembered by path, size and modification time, so that an unchanged file is read once. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';

interface RememberedHash {
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

type HashesByPath = Record<string, RememberedHash>;

export interface FileHashes {
  /** Hex sha-256 of the file's bytes. Rejects with the file system's error. */
  of(path: string): Promise<string>;
}

/**
 * Hashes are kept in `memoryPath` when given. The file carries a digest of itself: one that is damaged is ignored and
 * rewritten, and if it cannot be written the next start computes the hashes again.
 */
export function createFileHashes(memoryPath?: string): FileHashes {
  let remembered: Promise<HashesByPath> | undefined;

  async function recall(): Promise<HashesByPath> {
    if (memoryPath === undefined) return {};
    try {
      const { digest, files } = JSON.parse(await readFile(memoryPath, 'utf8')) as {
        digest: string;
        files: HashesByPath;
      };
      return digest === digestOf(files) ? files : {};
    } catch {
      return {};
    }
  }

  async function remember(files: HashesByPath): Promise<void> {
    if (memoryPath === undefined) return;
    const draft = `${memoryPath}.${process.pid}.tmp`;
    try {
      await writeFile(draft, JSON.stringify({ digest: digestOf(files), files }));
      await rename(draft, memoryPath);
    } catch {
      // The next start computes them again.
    }
  }

  return {
    async of(path) {
      remembered ??= recall();
      const hashes = await remembered;
      const { size, mtimeMs } = await stat(path);
      const key = resolve(path);
      const known = hashes[key];
      if (known?.size === size && known.mtimeMs === mtimeMs) return known.sha256;
      const hash = createHash('sha256');
      await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
      const sha256 = hash.digest('hex');
      hashes[key] = { size, mtimeMs, sha256 };
      await remember(hashes);
      return sha256;
    },
  };
}

const digestOf = (files: HashesByPath) => createHash('sha256').update(JSON.stringify(files)).digest('hex');
