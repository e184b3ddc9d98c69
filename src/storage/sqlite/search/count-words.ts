/** Writes the words and places of restaurants into the vocabulary. */
import type { Database } from 'better-sqlite3';
import { foldedWords } from '../../../search/words/split-words.ts';
import { stem } from '../../../search/words/stem.ts';

export interface WordsRow {
  readonly name: string;
  readonly cuisine_type: string | null;
  readonly description: string | null;
  readonly location: string | null;
}

/** Longer runs of letters are not words to search for. */
const LONGEST_WORD = 60;

/** To be called within a transaction; takes about 20 µs a row. */
export function createCountWords(database: Database): (rows: readonly WordsRow[]) => void {
  const addWord = database.prepare(
    `INSERT INTO search_words (word, stem, rows) VALUES (?, ?, ?)
     ON CONFLICT (word) DO UPDATE SET rows = rows + excluded.rows`,
  );
  const addPlace = database.prepare('INSERT OR IGNORE INTO search_places (name, label) VALUES (?, ?)');

  return (rows) => {
    const counts = new Map<string, number>();
    const places = new Map<string, string>();
    for (const { name, cuisine_type: cuisine, description, location } of rows) {
      const text = [name, cuisine, description, location].filter(Boolean).join(' ');
      for (const word of new Set(foldedWords(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
      for (const part of (location ?? '').split(',')) {
        const place = foldedWords(part).join(' ');
        if (place !== '') places.set(place, part.trim());
      }
    }
    for (const [word, count] of counts) if (word.length <= LONGEST_WORD) addWord.run(word, stem(word), count);
    for (const [name, label] of places) addPlace.run(name, label);
  };
}
