/** `tastematch doctor`: checks configuration, model, database, disk and memory without changing anything. */
import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError, readConfig, type Config } from '../config/config.ts';
import { createChildEmbedder } from '../inference/child-embedder.ts';
import { readMemory } from '../memory/memory-limit.ts';
import { findModelFiles } from '../inference/model-files.ts';
import { openStores } from '../storage/open-stores.ts';
import { inspectDatabase } from '../storage/sqlite/maintenance/inspect-database.ts';

export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

const MB = 1_048_576;
/** Space for the write-ahead log and a migration. */
const MIN_FREE_BYTES = 64 * MB;
/** The lowest memory limit under which all functions were measured to work (docs/measured.md). */
export const MIN_MEMORY_MB = 144;
/** int8 against the fp32 reference: see the golden vectors' test. */
const MIN_GOLDEN_COSINE = 0.96;

/** Returns what was found; throws an error that says what is wrong. */
type Check = (config: Config) => Promise<string> | string;

const checks: Readonly<Record<string, Check>> = {
  'model files': async ({ modelDir }) => {
    const { name, sha256, dimensions } = await findModelFiles(modelDir);
    return `${name}, sha256 ${sha256.slice(0, 12)}…, ${dimensions} dimensions`;
  },
  'golden sentence': checkGoldenSentence,
  database: async (config) => {
    const { databasePath, databaseUrl } = config;
    if (databaseUrl) return checkPostgres(config);
    if (!existsSync(databasePath)) return `${databasePath} does not exist yet; the first start makes it`;
    const found = inspectDatabase(databasePath);
    if (found.vectorsWithoutRow + found.rowsWithoutVector > 0) {
      throw new Error(
        `${found.vectorsWithoutRow} vectors without a row, ${found.rowsWithoutVector} rows without their vector`,
      );
    }
    return `sound; ${found.restaurants} restaurants, ${found.vectors} vectors, each with its row`;
  },
  'disk space': async ({ databasePath }) => {
    let folder = dirname(databasePath);
    while (!existsSync(folder)) folder = dirname(folder);
    const { bavail, bsize } = await statfs(folder);
    const free = `${Math.floor((bavail * bsize) / MB)} MB free`;
    if (bavail * bsize < MIN_FREE_BYTES)
      throw new Error(`${free}; at least ${MIN_FREE_BYTES / MB} MB are needed`);
    return free;
  },
  'memory limit': ({ memoryLimitMb }) => {
    const { limitBytes, usedBytes, source } = readMemory();
    const limit = memoryLimitMb > 0 ? memoryLimitMb * MB : limitBytes;
    const shown = `${Math.floor(limit / MB)} MB (${memoryLimitMb > 0 ? 'configured' : source})`;
    if (limit < MIN_MEMORY_MB * MB)
      throw new Error(`${shown}; less than ${MIN_MEMORY_MB} MB is not enough for all functions`);
    return `${shown}, ${Math.floor(usedBytes / MB)} MB in use`;
  },
};

async function checkPostgres(config: Config): Promise<string> {
  const stores = await openStores(config);
  try {
    await stores.checkReadable();
    return `PostgreSQL can be read; ${await stores.restaurants.count()} restaurants`;
  } finally {
    await stores.close();
  }
}

async function examine(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  let config: Config;
  try {
    config = readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [{ check: 'configuration', ok: false, detail: error.problems.join('; ') }];
  }
  const findings: Finding[] = [{ check: 'configuration', ok: true, detail: 'can be used' }];
  for (const [check, look] of Object.entries(checks)) {
    try {
      findings.push({ check, ok: true, detail: await look(config) });
    } catch (error) {
      findings.push({ check, ok: false, detail: (error as Error).message });
    }
  }
  return findings;
}

export async function doctor(
  environment: NodeJS.ProcessEnv,
  { json }: { readonly json: boolean },
): Promise<void> {
  const findings = await examine(environment);
  const isHealthy = findings.every(({ ok }) => ok);
  const text = json
    ? JSON.stringify({ healthy: isHealthy, findings })
    : findings.map(({ check, ok, detail }) => `${ok ? 'ok     ' : 'WRONG  '} ${check}: ${detail}`).join('\n');
  process.stdout.write(`${text}\n`);
  if (!isHealthy) process.exitCode = 1;
}

/** Embeds the first text of the model folder's golden.json in a real model process. */
async function checkGoldenSentence({ modelDir, embedTimeoutMs }: Config): Promise<string> {
  const golden = await readFile(join(modelDir, 'golden.json'), 'utf8').catch(() => undefined);
  if (golden === undefined) return 'the model folder has no golden.json to compare with';
  const { cases } = JSON.parse(golden) as { cases: { text: string; vector: number[] }[] };
  const [first] = cases;
  if (!first) return 'golden.json has no case';
  const embedder = createChildEmbedder({
    identify: () => findModelFiles(modelDir),
    queueLimit: 1,
    timeoutMs: embedTimeoutMs,
    idleSeconds: 0,
  });
  try {
    const { vector } = await embedder.embed(first.text, 'read').result;
    const cosine = vector.reduce((sum, value, i) => sum + value * (first.vector[i] ?? 0), 0);
    const shown = `cosine ${cosine.toFixed(4)} to the reference`;
    if (cosine < MIN_GOLDEN_COSINE) throw new Error(`${shown}, at least ${MIN_GOLDEN_COSINE} is expected`);
    return shown;
  } finally {
    await embedder.close();
  }
}
