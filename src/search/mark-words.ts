/** A text with the words of a query marked, as HTML. */
import { foldText } from '../catalog/fold-text.ts';
import type { QueryTerm } from './query-analysis.ts';

/** A snippet is about this long, in characters. */
const SNIPPET_CHARACTERS = 160;
const WORDS_BEFORE = 6;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** The words that are marked for these terms, folded. */
export function wordsToMark(terms: readonly QueryTerm[]): ReadonlySet<string> {
  const telling = terms.filter(({ isWeak }) => !isWeak);
  const own = telling.length > 0 ? telling : terms;
  return new Set(
    own.flatMap(({ forms, translations, related }) =>
      [...forms, ...translations, ...related].flatMap((form) => form.split(' ')),
    ),
  );
}

export interface MarkedRestaurant {
  /** HTML: escaped, with the words in `<mark>`. */
  readonly name: string;
  readonly snippet: string | null;
}

export function markRestaurant(
  { name, description }: { readonly name: string; readonly description: string | null },
  words: ReadonlySet<string>,
): MarkedRestaurant {
  return { name: markWords(name, words), snippet: description && markedSnippet(description, words) };
}

/** The whole text, HTML-escaped, the words in `<mark>`. */
function markWords(text: string, words: ReadonlySet<string>): string {
  return text
    .split(/([\p{L}\p{N}\p{M}]+)/u)
    .map((part, index) =>
      index % 2 === 1 && words.has(foldText(part)) ? `<mark>${escapeHtml(part)}</mark>` : escapeHtml(part),
    )
    .join('');
}

/** The part of the text around the first word that is marked, cut at words; its beginning when there is none. */
function markedSnippet(text: string, words: ReadonlySet<string>): string {
  const parts = text.split(/(\s+)/u);
  const first = parts.findIndex((part) =>
    (part.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).some((word) => words.has(foldText(word))),
  );
  const start = Math.max(0, first - 2 * WORDS_BEFORE);
  let end = start;
  for (let length = 0; end < parts.length && length < SNIPPET_CHARACTERS; end += 1)
    length += parts[end]?.length ?? 0;
  const cut = parts.slice(start, end).join('').trim();
  return `${start > 0 ? '… ' : ''}${markWords(cut, words)}${end < parts.length ? ' …' : ''}`;
}
