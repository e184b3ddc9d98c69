/** Words, their forms and their corrections, as queries and restaurants share them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance } from '../src/search/words/edit-distance.ts';
import { findTranslatedCorrection, isInflection } from '../src/search/words/find-correction.ts';
import { conceptOf, findConcepts } from '../src/search/words/concepts.ts';
import { namesOfPlace } from '../src/search/words/place-names.ts';
import { priceWish } from '../src/search/words/price-words.ts';
import { splitQuery } from '../src/search/words/split-query.ts';
import { foldedWords } from '../src/search/words/split-words.ts';
import { stem } from '../src/search/words/stem.ts';
import { translationsOf } from '../src/search/words/translations.ts';
import { fc } from './support/properties.ts';

const folded = (query: string) => splitQuery(query).map((token) => token.folded);
const stemOf = (word: string) => stem(foldedWords(word)[0] ?? '');

test('inflections of a word in Portuguese and in English have one stem', () => {
  for (const forms of [
    ['camarão', 'camarões', 'camaroes'],
    ['pastel', 'pastéis'],
    ['limão', 'limões'],
    ['pão', 'pães', 'pãozinho'],
    ['melão', 'melões'],
    ['jardim', 'jardins'],
    ['tropical', 'tropicais'],
    ['açaí', 'açaís'],
    ['barril', 'barris'],
    ['lugar', 'lugares'],
    ['peixe', 'peixes'],
    ['japonês', 'japonesa', 'japoneses', 'japonesas'],
    ['mexicano', 'mexicana', 'mexicanos', 'Mexican'],
    ['vegetariano', 'vegetariana', 'vegetarian'],
    ['romântico', 'romântica', 'romantic'],
    ['noodle', 'noodles'],
    ['tomato', 'tomatoes'],
    ['mango', 'mangoes'],
    ['berry', 'berries'],
    ['cookie', 'cookies'],
    ['dish', 'dishes'],
    ['bun', 'buns'],
    ['glass', 'glasses'],
    ['smoke', 'smoked', 'smoking'],
    ['fire', 'fires'],
  ]) {
    assert.equal(new Set(forms.map(stemOf)).size, 1, forms.join(', '));
  }
});

test('words that only look alike keep different stems', () => {
  for (const [one, other] of [
    ['pastel', 'pasta'],
    ['camarão', 'cama'],
    ['melão', 'mel'],
    ['limão', 'lima'],
    ['pão', 'pá'],
    ['bar', 'barra'],
    ['pub', 'públicos'],
  ] as const) {
    assert.notEqual(stemOf(one), stemOf(other), `${one}, ${other}`);
  }
});

test('a stem is the same for a word however it is written, and never empty', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (text) => {
      for (const word of foldedWords(text)) {
        assert.notEqual(stem(word), '');
        assert.deepEqual(foldedWords(word.toUpperCase()).map(stem), foldedWords(word).map(stem));
      }
    }),
  );
});

test('compounds of short parts are one word, letters behind an apostrophe none', () => {
  assert.deepEqual(folded('Wi-Fi'), ['wifi']);
  assert.deepEqual(folded('wood-fired pizza'), ['wood', 'fired', 'pizza']);
  assert.deepEqual(folded("chef's d'água"), ['chef', 'agua']);
  assert.deepEqual(folded('!?'), []);
});

test('the edit distance counts swaps once and stops at the limit', () => {
  for (const [a, b, distance] of [
    ['piza', 'pizza', 1],
    ['vegetarino', 'vegetariano', 1],
    ['hambuguer', 'hamburguer', 1],
    ['restuarant', 'restaurant', 1],
    ['briskit', 'brisket', 1],
    ['sushi', 'sushi', 0],
  ] as const) {
    assert.equal(editDistance(a, b, 2), distance, `${a}, ${b}`);
    assert.equal(editDistance(b, a, 2), distance, `${b}, ${a}`);
  }
  assert.equal(editDistance('pizza', 'feijoada', 2), 3);
});

test('translations are found in both directions, and for the first and last word of the table', () => {
  assert.ok(translationsOf('lobster').includes('lagosta'));
  assert.ok(translationsOf('lagosta').includes('lobster'));
  assert.ok(translationsOf('dog').includes('cachorro'));
  assert.deepEqual(translationsOf('xyzzy'), []);
  assert.deepEqual(translationsOf(''), []);
  assert.deepEqual(translationsOf('~'), []);
});

test('a city has the names of both languages', () => {
  assert.ok(namesOfPlace('londres').includes('london'));
  assert.deepEqual(namesOfPlace('nova iorque').slice(0, 1), ['nova iorque']);
  assert.ok(namesOfPlace('nova iorque').includes('new york'));
  assert.deepEqual(namesOfPlace('savassi'), ['savassi']);
});

test('words about the price are understood, unless they contradict one another', () => {
  assert.equal(priceWish('almoço barato'), 'low');
  assert.equal(priceWish('meat-free lunch on a budget'), 'low');
  assert.equal(priceWish('high-end sushi'), 'high');
  assert.equal(priceWish('alta gastronomia'), 'high');
  assert.equal(priceWish('cheap fine dining'), undefined);
  assert.equal(priceWish('feijoada'), undefined);
});

test('a plural, singular or other gender is an inflection and no misspelling', () => {
  for (const [one, other] of [
    ['tarts', 'tart'],
    ['bolo', 'bolos'],
    ['assada', 'assados'],
  ] as const) {
    assert.equal(isInflection(one, other), true, `${one}, ${other}`);
  }
  for (const [one, other] of [
    ['piza', 'pizza'],
    ['briskit', 'brisket'],
  ] as const) {
    assert.equal(isInflection(one, other), false, `${one}, ${other}`);
  }
});

test('a misspelling of a word with translations is corrected to it', () => {
  assert.equal(findTranslatedCorrection('lagossta'), 'lagosta');
  assert.equal(findTranslatedCorrection('xqzvw'), undefined);
});

function phrasesOf(query: string): string[] {
  const tokens = splitQuery(query);
  return findConcepts(tokens).map(({ start, end }) =>
    tokens
      .slice(start, end)
      .map(({ typed }) => typed)
      .join(' '),
  );
}

test('a phrase that names something is found whole, with or without grammar and accents, and the longest wins', () => {
  assert.deepEqual(phrasesOf('onde tomar café da manhã na praia'), ['café da manhã']);
  assert.deepEqual(phrasesOf('CAFE DA MANHA'), ['CAFE DA MANHA']);
  assert.deepEqual(phrasesOf('cheap wine bar'), ['wine bar']);
  assert.deepEqual(phrasesOf('feijoada completa'), []);
  assert.deepEqual(findConcepts([]), []);
});

test('words that restaurants use for a concept are folded, and none of them names it by itself', () => {
  for (const word of ['romantic', 'romântico', 'namorados', 'vegan', 'japonesa', 'wifi', 'kids', 'pub']) {
    const { synonyms, related } = conceptOf(foldedWords(word)[0] ?? '') ?? assert.fail(word);
    for (const one of [...synonyms, ...related]) assert.equal(foldedWords(one).join(' '), one);
    assert.equal(new Set([...synonyms, ...related]).size, synonyms.length + related.length, word);
  }
  assert.equal(conceptOf('xyzzy'), undefined);
  assert.equal(conceptOf(''), undefined);
});
