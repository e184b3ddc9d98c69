/** Runs the real service as its own process, on a free port and a database of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../../', import.meta.url));
/** What is started: the compiled service, or the bundled one for which `npm test` sets `TEST_MAIN`. */
export const mainFile = join(repository, process.env['TEST_MAIN'] ?? 'dist/src/main.js');

const LISTEN_TIMEOUT_MS = 30_000;
const ASK_EVERY_MS = 15;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Answers are asserted field by field; a wrong shape fails the assertion.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface Service {
  readonly url: string;
  readonly process: ChildProcess;
  readonly folder: string;
  readonly log: readonly Record<string, unknown>[];
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Process ids of the children: the model's process, when there is one. */
  childPids(): number[];
  /** The model's process. Throws when there is none. */
  modelPid(): number;
  /** Sends SIGTERM and gives the exit code. */
  stop(): Promise<number | null>;
}

const endings = new WeakMap<TestContext, (() => Promise<unknown>)[]>();

/** Like `t.after`, but last come, first done: a service is gone before its folder is. */
export function afterwards(t: TestContext, end: () => Promise<unknown>): void {
  const known = endings.get(t);
  if (known) {
    known.unshift(end);
    return;
  }
  const ends = [end];
  endings.set(t, ends);
  t.after(async () => {
    for (const each of ends) await each();
  });
}

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tastematch-test-'));
  afterwards(t, () => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** Writes files below `root`, by relative path. */
export async function layOut(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

export async function startService(
  t: TestContext,
  environment: Record<string, string> = {},
  options: { readonly folder?: string; readonly arguments?: readonly string[] } = {},
): Promise<Service> {
  const folder = options.folder ?? (await temporaryFolder(t));
  const child = spawn(process.execPath, [mainFile, 'serve', ...(options.arguments ?? [])], {
    cwd: repository,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATABASE_PATH: join(folder, 'test.db'),
      // A slow machine must not turn a first read into a pending one.
      EMBED_WAIT_MS: '20000',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  afterwards(t, async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const log: Record<string, unknown>[] = [];
  const url = await listeningAddress(child, log);

  const request: Service['request'] = async (method, path, body, headers = {}) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const response = await fetch(url + path, { method, ...json, headers: { ...type, ...headers } });
    const text = await response.text();
    const isJson = /\bjson/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text ? JSON.parse(text) : text,
    };
  };
  return {
    url,
    process: child,
    folder,
    log,
    request,
    get: (path, headers) => request('GET', path, undefined, headers),
    childPids: () => childrenOf(pidOf(child)),
    modelPid() {
      const [pid] = childrenOf(pidOf(child));
      if (pid === undefined) throw new Error('there is no model process');
      return pid;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}

async function listeningAddress(child: ChildProcess, log: Record<string, unknown>[]): Promise<string> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const output = createInterface({ input: child.stdout ?? process.stdin });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the service does not listen: ${errors}`)),
      LISTEN_TIMEOUT_MS,
    );
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the service ended with code ${code}: ${errors}`));
    });
    output.on('line', (line) => {
      if (!line.startsWith('{')) return;
      const entry = JSON.parse(line) as Record<string, unknown>;
      log.push(entry);
      if (entry['msg'] !== 'listening') return;
      clearTimeout(timer);
      resolve(String(entry['address']));
    });
  });
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the service has no process');
  return pid;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

/** Children that run a program of their own: one that has been forked but not started would block its parent if stopped. */
export function childrenOf(pid: number): number[] {
  try {
    const own = commandOf(pid);
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number)
      .filter((child) => commandOf(child) !== own);
  } catch {
    return [];
  }
}

/** Asks again until the answer is truthy; fails after a minute rather than hanging the suite. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`gave up waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}
