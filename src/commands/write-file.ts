/** Writing a file that is either whole or not there. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** `-` is standard output. A file that exists is replaced once the new one is complete. */
export async function writeFileWhole(
  file: string,
  content: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  if (file === '-') {
    await pipeline(Readable.from(content), process.stdout, { end: false }).catch(unlessNobodyReads);
    return;
  }
  const partial = `${file}.partial`;
  try {
    await pipeline(Readable.from(content), createWriteStream(partial, { flush: true }));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** The reader closed the pipe early, as `| head` does: not a failure. */
function unlessNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
