/**
 * Tokenizer and model in a process of its own, without queue, protocol or store around them: what a text costs at
 * least.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadOnnxModel } from '../dist/src/inference/onnx-model.js';
import { loadTokenizer } from '../dist/src/inference/tokenizer.js';
import { root } from './service.mjs';

const self = fileURLToPath(import.meta.url);

/** `msFor(text)` gives the time that the other process took for this text, without the way there and back. */
export async function startBareInference(before) {
  const child = fork(self, {
    execPath: '/bin/sh',
    execArgv: ['-c', `${before}; exec "${process.execPath}" "$0"`],
  });
  await once(child, 'message');
  return {
    async msFor(text) {
      child.send(text);
      return (await once(child, 'message'))[0];
    },
    stop: () => child.disconnect(),
  };
}

if (process.argv[1] === self) {
  const folder = join(root, 'models/tastematch-MiniLM-L6-en-pt');
  const tokenize = await loadTokenizer(
    join(folder, 'tokenizer.json'),
    join(folder, 'tokenizer_config.json'),
    256,
  );
  const run = await loadOnnxModel(join(folder, 'onnx/model_quantized.onnx'));
  process.on('message', async (text) => {
    const startedAt = performance.now();
    await run(tokenize(text));
    process.send(performance.now() - startedAt);
  });
  process.send('ready');
}
