/** Copies of a model with a fault. */
import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { repository, temporaryFolder } from './service.ts';

async function copyModel(t: TestContext, name: string): Promise<string> {
  const modelDir = join(await temporaryFolder(t), name);
  await cp(join(repository, 'models', name), modelDir, { recursive: true });
  return modelDir;
}

/** All weights are 0xff: every scale is NaN, and so is every vector. */
export async function garbageModel(t: TestContext): Promise<string> {
  const modelDir = await copyModel(t, 'all-MiniLM-L6-v2');
  const weights = join(modelDir, 'onnx/model_quantized.onnx_data');
  await writeFile(weights, Buffer.alloc((await stat(weights)).size, 0xff));
  return modelDir;
}

/** The tokenizer maps `word` to an id beyond the vocabulary: the graph fails for every text with this word. */
export async function modelThatFailsFor(t: TestContext, word: string): Promise<string> {
  const modelDir = await copyModel(t, 'paraphrase-MiniLM-L3-v2');
  const file = join(modelDir, 'tokenizer.json');
  const tokenizer = JSON.parse(await readFile(file, 'utf8')) as { model: { vocab: Record<string, number> } };
  if (!(word in tokenizer.model.vocab)) throw new Error(`${word} is not one token`);
  tokenizer.model.vocab[word] = 999_999;
  await writeFile(file, JSON.stringify(tokenizer));
  return modelDir;
}

/** Reads texts of up to 512 tokens, for which attention needs buffers of 12 MB. */
export async function modelOfLongTexts(t: TestContext): Promise<string> {
  const modelDir = await copyModel(t, 'all-MiniLM-L6-v2');
  await writeFile(join(modelDir, 'sentence_bert_config.json'), JSON.stringify({ max_seq_length: 512 }));
  return modelDir;
}
