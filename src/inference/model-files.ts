/** Finds and checks the files of a model folder in the Hugging Face layout, without loading them. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import { createFileHashes, type FileHashes } from './file-hash.ts';

export interface ModelFiles {
  /** The folder's name. */
  readonly name: string;
  /** sha-256 (hex) over the hex hashes of graph, external data (if any) and tokenizer.json, in this order. */
  readonly sha256: string;
  readonly dimensions: number;
  /** Longer texts are cut to this many tokens, `[CLS]` and `[SEP]` included. */
  readonly maxTokens: number;
  readonly graphPath: string;
  readonly tokenizerPath: string;
  readonly tokenizerConfigPath: string;
}

const graphNames = ['onnx/model_quantized.onnx', 'onnx/model.onnx', 'model_quantized.onnx', 'model.onnx'];

/** BERT has position embeddings for this many tokens; a tokenizer's configuration may say more. */
const LONGEST_INPUT = 512;

/**
 * Throws an `EmbeddingError`: `model-missing` when a file is not there, `model-damaged` when one is empty, cannot be
 * read or parsed, or differs from the SHA256SUMS in the folder or the one above it.
 */
export async function findModelFiles(
  modelDir: string,
  hashes: FileHashes = createFileHashes(),
): Promise<ModelFiles> {
  try {
    return await find(modelDir, hashes);
  } catch (error) {
    throw error instanceof EmbeddingError ? error : unreadable(basename(resolve(modelDir)), error);
  }
}

function unreadable(shown: string, error: unknown): EmbeddingError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new EmbeddingError('model-damaged', `${shown} cannot be read (${code ?? message})`);
}

async function find(modelDir: string, hashes: FileHashes): Promise<ModelFiles> {
  const directory = resolve(modelDir);
  const graphPath = await firstExisting(directory, graphNames);
  if (!graphPath) {
    throw new EmbeddingError(
      'model-missing',
      `there is no ${graphNames[0]} in ${basename(directory)}; check MODEL_DIR`,
    );
  }
  const dataPath = await firstExisting(dirname(graphPath), [
    `${basename(graphPath)}_data`,
    `${basename(graphPath)}.data`,
  ]);
  const tokenizerPath = join(directory, 'tokenizer.json');
  const tokenizerConfigPath = join(directory, 'tokenizer_config.json');

  const expected = await expectedHashes(directory);
  const found: string[] = [];
  for (const path of [graphPath, dataPath, tokenizerPath]) {
    if (path) found.push(await checkedHash(directory, path, expected, hashes));
  }
  const config = await readJson(join(directory, 'config.json'));
  const tokenizerConfig = await readJson(tokenizerConfigPath);
  const sentenceConfig = await readJson(join(directory, 'sentence_bert_config.json'), {});
  const maxTokens = sentenceConfig['max_seq_length'] ?? tokenizerConfig['model_max_length'] ?? LONGEST_INPUT;
  return {
    name: basename(directory),
    sha256: createHash('sha256').update(found.join('')).digest('hex'),
    dimensions: positiveInteger('hidden_size in config.json', config['hidden_size']),
    maxTokens: Math.min(positiveInteger('the longest text of the tokenizer', maxTokens), LONGEST_INPUT),
    graphPath,
    tokenizerPath,
    tokenizerConfigPath,
  };
}

async function firstExisting(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    if (await stat(path).catch(() => undefined)) return path;
  }
  return undefined;
}

async function checkedHash(
  directory: string,
  path: string,
  expected: ReadonlyMap<string, string>,
  hashes: FileHashes,
): Promise<string> {
  const shown = relative(dirname(directory), path);
  const file = await stat(path).catch(() => undefined);
  if (!file) throw new EmbeddingError('model-missing', `${shown} is not there`);
  if (!file.isFile()) throw new EmbeddingError('model-damaged', `${shown} is not a regular file`);
  if (file.size === 0) throw new EmbeddingError('model-damaged', `${shown} is empty`);
  const sha256 = await hashes.of(path).catch((error: unknown) => {
    throw unreadable(shown, error);
  });
  const wanted = expected.get(path);
  if (wanted !== undefined && wanted !== sha256) {
    throw new EmbeddingError(
      'model-damaged',
      `${shown} (${file.size} bytes) has sha256 ${sha256}, SHA256SUMS says ${wanted}: copy it again`,
    );
  }
  return sha256;
}

/** Without a list nothing is checked; a list that cannot be read is an error. */
function emptyWhenMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}

/** Absolute path → sha-256, from SHA256SUMS in the folder and above it. */
async function expectedHashes(directory: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const folder of [dirname(directory), directory]) {
    const list = await readText(join(folder, 'SHA256SUMS')).catch(emptyWhenMissing);
    for (const [, sha256, path] of list.matchAll(/^([0-9a-f]{64})[ *]+(.+?)\s*$/gm)) {
      if (sha256 && path) hashes.set(resolve(folder, path), sha256);
    }
  }
  return hashes;
}

/** Some tokenizers write 1e30 for no limit; the caller caps it. */
function positiveInteger(what: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new EmbeddingError('model-damaged', `${what} is ${JSON.stringify(value)}, not a whole number from 1`);
}

/** Rejects for anything but a regular file: reading a FIFO would wait forever. */
async function readText(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error('not a regular file');
  return readFile(path, 'utf8');
}

async function readJson(path: string, fallback?: Record<string, unknown>): Promise<Record<string, unknown>> {
  const shown = basename(path);
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(shown, error);
    if (fallback) return fallback;
    throw new EmbeddingError('model-missing', `${shown} is not there`);
  }
  const value = parseJson(shown, text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new EmbeddingError('model-damaged', `${shown} holds no JSON object`);
}

function parseJson(shown: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new EmbeddingError('model-damaged', `${shown} is not valid JSON`);
  }
}
