/** The child process that holds the model: it starts, embeds one text after the other, and dies with its parent. */
import { setPriority } from 'node:os';
import { loadOnnxModel } from './onnx-model.ts';
import type { FromChild, StartMessage, ToChild } from './protocol.ts';
import { loadTokenizer } from './tokenizer.ts';

type Embed = (text: string) => Promise<{ vector: Float32Array; tokens: number }>;

/** The lowest priority: the HTTP process answers first, also on one core. */
const NICENESS = 19;

/** A parent that is gone cannot be told: then there is nothing left to do. */
const send = (message: FromChild) =>
  process.send?.(message, undefined, undefined, (error) => error && process.exit(0));
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function load({
  graphPath,
  tokenizerPath,
  tokenizerConfigPath,
  maxTokens,
}: StartMessage): Promise<Embed> {
  const tokenize = await loadTokenizer(tokenizerPath, tokenizerConfigPath, maxTokens);
  const run = await loadOnnxModel(graphPath);
  return async (text) => {
    const ids = tokenize(text);
    return { vector: await run(ids), tokens: ids.length };
  };
}

async function answer(embed: Embed | undefined, text: string): Promise<void> {
  try {
    if (!embed) throw new Error('the model is not loaded');
    const { vector, tokens } = await embed(text);
    const { user, system } = process.cpuUsage();
    send({ type: 'embedded', vector, tokens, cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
  } catch (error) {
    send({ type: 'embed-failed', message: reasonOf(error) });
  }
}

let embed: Embed | undefined;

async function start(message: StartMessage): Promise<void> {
  try {
    embed = await load(message);
    send({ type: 'ready' });
  } catch (error) {
    send({ type: 'load-failed', message: reasonOf(error) });
  }
}

process.on('message', (message: ToChild) => {
  void (message.type === 'embed' ? answer(embed, message.text) : start(message));
});

// `run` blocks this thread, so the event arrives between two texts, never within one.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides when this process ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
try {
  setPriority(NICENESS);
} catch {
  // Some sandboxes forbid it; the service works without.
}
