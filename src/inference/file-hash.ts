/** sha-256 of a file, remembered by path, size and modification time so that an unchanged file is read once. */
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

export interface FileHashes {
  /** Hex sha-256 of the file's bytes. Rejects with the file system's error. */
  of(path: string): Promise<string>;
}

/** Remembers in `memoryPath` when given; a memory that cannot be read or written costs a hash, nothing else. */
export function createFileHashes(memoryPath?: string): FileHashes {
  let remembered: Promise<Record<string, RememberedHash>> | undefined;

  async function recall(): Promise<Record<string, RememberedHash>> {
    if (memoryPath === undefined) return {};
    try {
      return JSON.parse(await readFile(memoryPath, 'utf8')) as Record<string, RememberedHash>;
    } catch {
      return {};
    }
  }

  async function remember(hashes: Record<string, RememberedHash>): Promise<void> {
    if (memoryPath === undefined) return;
    const draft = `${memoryPath}.${process.pid}.tmp`;
    try {
      await writeFile(draft, JSON.stringify(hashes));
      await rename(draft, memoryPath);
    } catch {
      // The next start hashes again.
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
