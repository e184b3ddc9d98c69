/** Text → token ids, cut to what the model can read. */
import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';

export type Tokenize = (text: string) => number[];

/** The library does not truncate: ids beyond `maxTokens` are cut so that the last one stays `[SEP]`. */
export async function loadTokenizer(path: string, configPath: string, maxTokens: number): Promise<Tokenize> {
  const [model, config] = await Promise.all(
    [path, configPath].map(async (file) => JSON.parse(await readFile(file, 'utf8')) as object),
  );
  const tokenizer = new Tokenizer(model ?? {}, config ?? {});
  return (text) => {
    const { ids } = tokenizer.encode(text);
    const separator = ids.at(-1);
    if (ids.length <= maxTokens || separator === undefined) return ids;
    return [...ids.slice(0, maxTokens - 1), separator];
  };
}
