/** sha-256 of files, remembered by path, size and modification time, so that an unchanged file is read once. */
import { createHash } from 'node:crypto';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

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
      const sha256 = await hashFile(path);
      hashes[key] = { size, mtimeMs, sha256 };
      await remember(hashes);
      return sha256;
    },
  };
}

const digestOf = (files: HashesByPath) => createHash('sha256').update(JSON.stringify(files)).digest('hex');

const CHUNK_BYTES = 262_144;

/** Reads into one buffer: a stream allocates the whole file, in chunks that are collected much later. */
async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
