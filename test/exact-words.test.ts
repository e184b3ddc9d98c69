/** What must hold for any words of the catalogue and for any taste: on the sample data, all of it embedded. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { foldText } from '../src/catalog/fold-text.ts';
import { allWords } from '../src/search/words/split-words.ts';
import { isEmptyWord, isNegation, isWeakWord } from '../src/search/words/stop-words.ts';
import { fc } from './support/properties.ts';
import { repository, startService, type Service } from './support/service.ts';

interface Row {
  readonly name: string;
  readonly cuisineType: string | null;
  readonly description: string | null;
}

const rows = readFileSync(join(repository, 'data/restaurants.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);
const textOf = ({ name, cuisineType, description }: Row) =>
  [name, cuisineType, description].filter(Boolean).join(' ');
const words = [...new Set(rows.flatMap((row) => allWords(textOf(row))))].filter((word) => {
  const folded = foldText(word);
  return folded.length > 3 && !isEmptyWord(folded) && !isNegation(folded) && !isWeakWord(folded);
});

let service: Service;
before(async (t) => {
  const options = { arguments: ['--sample-data'] };
  // One search embeds all of it.
  service = await startService(t as never, { TOP_UP_MS: '60000' }, options);
  await service.get('/search?q=pizza');
});

test('a word that some restaurant has is never corrected, whatever is misspelt beside it', async () => {
  const misspelt = fc.constantFrom('piza', 'suhsi', 'camarao', 'restaurnate', 'xqzt', '');
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...words), misspelt, async (word, other) => {
      const query = encodeURIComponent(`${word} ${other}`.trim());
      const { body } = await service.get(`/search?mode=keyword&limit=100&q=${query}`);
      assert.ok(!Object.hasOwn(body.corrected ?? {}, word), JSON.stringify(body.corrected));
      const found = (body.items as { restaurant: Row & { location: string } }[]).map(({ restaurant }) =>
        allWords(foldText(`${textOf(restaurant)} ${restaurant.location}`)),
      );
      assert.ok(body.place !== undefined || found.some((own) => own.includes(foldText(word))), word);
    }),
    { numRuns: 60 },
  );
});

const recommend = async (dislikes: readonly number[]) => {
  const { body } = await service.request('POST', '/recommendations', {
    likes: [{ id: 2 }],
    dislikes,
    limit: 20,
  });
  return body.items as { restaurant: { id: number; cuisineType: string }; score: number }[];
};

test('two disliked Italian restaurants beside a liked one push down what is like them, and leave the taste', async () => {
  const without = await recommend([]);
  const withDislikes = await recommend([33, 61]);
  const [first] = withDislikes;
  assert.ok(first && without.slice(0, 10).some(({ restaurant }) => restaurant.id === first.restaurant.id));
  assert.ok(first.score > 0.3, `the best has ${first.score}`);
  const scoresBefore = new Map(without.map(({ restaurant, score }) => [restaurant.id, score]));
  for (const { restaurant, score } of withDislikes) {
    assert.ok(score <= (scoresBefore.get(restaurant.id) ?? 1), `${restaurant.id} must not gain by a dislike`);
  }
});
