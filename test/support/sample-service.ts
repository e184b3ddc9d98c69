/** A service with the sample data, all of it embedded, for tests that only read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mainFile } from './service.ts';

interface SearchItem {
  readonly restaurant: {
    readonly externalId: string;
    readonly name: string;
    readonly cuisineType: string | null;
    readonly description: string | null;
    readonly location: string | null;
  };
  readonly score: number;
  readonly similarity: number | null;
  readonly ranks: { readonly keyword: number | null; readonly semantic: number | null };
  readonly matchedWords: readonly string[];
  readonly marked: { readonly name: string; readonly snippet: string | null };
}

export interface SearchBody {
  readonly items: readonly SearchItem[];
  readonly place?: string;
  readonly corrected?: Readonly<Record<string, string>>;
}

export interface SampleService {
  get(path: string): Promise<SearchBody>;
  stop(): Promise<void>;
}

export async function startSampleService(repository: string): Promise<SampleService> {
  const folder = await mkdtemp(join(tmpdir(), 'tastematch-test-'));
  const child = spawn(process.execPath, [mainFile, 'serve', '--sample-data'], {
    cwd: repository,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATABASE_PATH: join(folder, 'test.db'),
      EMBED_WAIT_MS: '20000',
      // One search embeds all of it.
      TOP_UP_MS: '60000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('"listening"')) continue;
    url = (JSON.parse(line) as { address: string }).address;
    break;
  }
  const get = async (path: string) => (await (await fetch(url + path)).json()) as SearchBody;
  await get('/search?mode=semantic&q=restaurante');
  return {
    get,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
