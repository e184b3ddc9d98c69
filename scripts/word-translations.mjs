/**
 * Writes `src/search/words/translations.txt`: Portuguese words of the default model's vocabulary with the English ones
 * that it gives nearly the same vector, and the reverse. Usage: npm run build && node scripts/word-translations.mjs
 * Takes some eight minutes. A line is `word translation translation …`, all folded, sorted by word.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createChildEmbedder } from '../dist/src/inference/child-embedder.js';
import { findModelFiles } from '../dist/src/inference/model-files.js';
import { stem } from '../dist/src/search/words/stem.js';

const root = resolve(import.meta.dirname, '..');
const modelDir = join(root, 'models/tastematch-MiniLM-L6-en-pt');
/** The pieces that were added for Portuguese follow those of BERT. */
const FIRST_PORTUGUESE = 30_522;
/** Above this cosine the words of a sample of 100 pairs mean the same. */
const MIN_COSINE = 0.9;
const MAX_TRANSLATIONS = 4;

const { vocab } = JSON.parse(readFileSync(join(modelDir, 'tokenizer.json'), 'utf8')).model;
const words = Object.entries(vocab).filter(([piece]) => /^[a-z]{3,}$/.test(piece));
const embedder = createChildEmbedder({
  identify: () => findModelFiles(modelDir),
  queueLimit: words.length,
  timeoutMs: 60_000,
  idleSeconds: 0,
});
const embedded = await Promise.all(
  words.map(async ([word, id]) => ({
    word,
    isPortuguese: id >= FIRST_PORTUGUESE,
    vector: (await embedder.embed(word, 'background').result).vector,
  })),
);
await embedder.close();

function cosine(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

/** The nearest words of the other language, each stem once. */
function translate({ word, vector, isPortuguese }) {
  const near = [];
  for (const other of embedded) {
    if (other.isPortuguese === isPortuguese || stem(other.word) === stem(word)) continue;
    const score = cosine(vector, other.vector);
    if (score >= MIN_COSINE) near.push({ word: other.word, score });
  }
  near.sort((a, b) => b.score - a.score);
  const byStem = new Map(near.toReversed().map((one) => [stem(one.word), one.word]));
  return [...byStem.values()].toReversed().slice(0, MAX_TRANSLATIONS);
}

const lines = embedded
  .map((one) => [one.word, ...translate(one)])
  .filter((line) => line.length > 1)
  .map((line) => line.join(' '))
  .sort();
writeFileSync(join(root, 'src/search/words/translations.txt'), `${lines.join('\n')}\n`);
console.log(`${lines.length} words`);
