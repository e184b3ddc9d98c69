/** Entry of the model process: loads the model, embeds one text at a time, exits with its parent. */
import { setPriority } from 'node:os';
import { findFailureCause } from './failure-cause.ts';
import { loadOnnxModel } from './onnx-model.ts';
import type { FromChild, StartMessage, ToChild } from './protocol.ts';
import { loadTokenizer } from './tokenizer.ts';

type EmbedText = (text: string) => Promise<Float32Array>;

/** The lowest priority, so that on a single core the HTTP process runs first. */
const NICENESS = 19;

/** The shortest input: `[CLS] [SEP]`. Embedding it proves that the model runs. */
const PROBE_TEXT = '';

/** Exits when the parent is gone. */
const send = (message: FromChild) =>
  process.send?.(message, undefined, undefined, (error) => error && process.exit(0));

async function load({
  graphPath,
  tokenizerPath,
  tokenizerConfigPath,
  maxTokens,
}: StartMessage): Promise<EmbedText> {
  const tokenize = await loadTokenizer(tokenizerPath, tokenizerConfigPath, maxTokens);
  const run = await loadOnnxModel(graphPath);
  return (text) => run(tokenize(text));
}

/** 0 where the parent can read it in /proc. */
const rssBytes = () => (process.platform === 'linux' ? 0 : process.memoryUsage.rss());

let embed: EmbedText | undefined;

async function sendFailure(error: unknown, probe: () => Promise<unknown>): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  send({ type: 'failed', cause: await findFailureCause(message, probe), message });
}

async function start(message: StartMessage): Promise<void> {
  try {
    embed = await load(message);
    send({ type: 'ready', vector: await embed(PROBE_TEXT) });
  } catch (error) {
    await sendFailure(error, () => Promise.reject(error));
  }
}

async function answer(text: string): Promise<void> {
  try {
    if (!embed) throw new Error('the model is not loaded');
    const vector = await embed(text);
    const { user, system } = process.cpuUsage();
    send({ type: 'embedded', vector, cpuMicros: user + system, rssBytes: rssBytes() });
  } catch (error) {
    await sendFailure(error, async () => embed?.(PROBE_TEXT));
  }
}

process.on('message', (message: ToChild) => {
  void (message.type === 'embed' ? answer(message.text) : start(message));
});

// ONNX Runtime blocks this thread while it runs, so the event arrives between two texts.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides when this process ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
try {
  setPriority(NICENESS);
} catch {
  // Some sandboxes forbid it; the service works without it.
}
