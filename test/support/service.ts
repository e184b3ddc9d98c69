/** Runs the real service as its own process, on a free port and a database of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

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
  /** Sends SIGTERM and gives the exit code. */
  stop(): Promise<number | null>;
}

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tastematch-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function startService(
  t: TestContext,
  environment: Record<string, string> = {},
  options: { readonly folder?: string; readonly arguments?: readonly string[] } = {},
): Promise<Service> {
  const folder = options.folder ?? (await temporaryFolder(t));
  const child = spawn(process.execPath, [main, 'serve', ...(options.arguments ?? [])], {
    cwd: repository,
    env: { PATH: process.env['PATH'], PORT: '0', DATABASE_PATH: join(folder, 'test.db'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  t.after(async () => {
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
    childPids: () => childrenOf(child.pid ?? 0),
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
    child.once('exit', (code) => reject(new Error(`the service ended with code ${code}: ${errors}`)));
    output.on('line', (line) => {
      if (!line.startsWith('{')) return;
      const entry = JSON.parse(line) as Record<string, unknown>;
      log.push(entry);
      if (entry['msg'] === 'listening') resolve(String(entry['address']));
    });
  });
}

export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Asks again until the answer is truthy; fails after 20 s rather than hanging the suite. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`gave up waiting until ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
