/** Finds the location that a query names. */
import type { QueryPlace } from '../query-analysis.ts';
import type { KnownPlace, Vocabulary } from '../vocabulary.ts';
import { isCity, namesOfPlace } from './place-names.ts';
import type { QueryToken } from './split-query.ts';
import { isFoodWord, isPlacePreposition, isPreposition, isWeakWord } from './stop-words.ts';

/** Names with more words than this are not recognised. */
const LONGEST_NAME = 4;

export interface FoundPlace {
  readonly place: QueryPlace | undefined;
  /** What is left of the query: neither the place nor the preposition before it. */
  readonly rest: readonly QueryToken[];
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
  readonly followsPreposition: boolean;
}

/**
 * A place is a whole part of a location (`Savassi`, `São Paulo`), under any of its names, or the beginning of one
 * after a preposition (`in Rio`). Longer names win over shorter ones.
 */
export async function findPlace(
  tokens: readonly QueryToken[],
  vocabulary: Pick<Vocabulary, 'findPlaces'>,
): Promise<FoundPlace> {
  const spans = listSpans(tokens);
  if (spans.length === 0) return { place: undefined, rest: tokens };
  const { places: known, isComplete } = await vocabulary.findPlaces({
    names: spans.flatMap(({ names }) => names),
    beginnings: spans.filter(({ followsPreposition }) => followsPreposition).flatMap(({ names }) => names),
  });
  const taken = new Set<number>();
  const found = new Map<string, readonly KnownPlace[]>();
  for (const span of spans) {
    const spellings = spellingsOf(span, known);
    const [first] = spellings;
    if (!first || isTaken(span, taken)) continue;
    found.set(first.name, spellings);
    for (let i = span.start; i < span.end; i += 1) taken.add(i);
    if (isPreposition(tokens[span.start - 1]?.folded)) taken.add(span.start - 1);
  }
  const places = [...found.values()];
  if (places.length === 0)
    return isComplete ? findAbsentCity(tokens, spans) : { place: undefined, rest: tokens };
  return {
    place: {
      label: places.map(([first]) => first?.label).join(', '),
      parts: places.map((spellings) => spellings.map(({ name }) => name)),
      isAbsent: false,
    },
    rest: tokens.filter((_, index) => !taken.has(index)),
  };
}

/**
 * A known city without restaurants, after a preposition (`sushi in Tokyo`) or with no other content word
 * (`Tokyo restaurants`). Elsewhere it may be part of a name and stays a word of the query.
 */
function findAbsentCity(tokens: readonly QueryToken[], spans: readonly Span[]): FoundPlace {
  for (const { start, end, names, followsPreposition } of spans) {
    const others = tokens.filter((_, index) => index < start || index >= end);
    const isAlone = others.every(({ folded }) => isWeakWord(folded) && !isFoodWord(folded));
    if (!isCity(names[0] ?? '') || !(followsPreposition || isAlone)) continue;
    const label = tokens
      .slice(start, end)
      .map(({ typed }) => typed)
      .join(' ');
    const rest = isAlone && !followsPreposition ? tokens : others;
    const isLeft = (token: QueryToken) => !followsPreposition || token !== tokens[start - 1];
    return { place: { label, parts: [], isAbsent: true }, rest: rest.filter(isLeft) };
  }
  return { place: undefined, rest: tokens };
}

/** Runs of words that may be a place, the longest first. */
function listSpans(tokens: readonly QueryToken[]): Span[] {
  const spans: Span[] = [];
  for (let length = LONGEST_NAME; length >= 1; length -= 1) {
    for (let start = 0; start + length <= tokens.length; start += 1) {
      const words = tokens.slice(start, start + length).map(({ folded }) => folded);
      if (words.every(isWeakWord) || words.join('').length < 3) continue;
      spans.push({
        start,
        end: start + length,
        names: namesOfPlace(words.join(' ')),
        followsPreposition: isPlacePreposition(tokens[start - 1]?.folded),
      });
    }
  }
  return spans;
}

/** The known places of this name in both languages, as typed first; otherwise the place with this prefix and the most restaurants. */
function spellingsOf({ names, followsPreposition }: Span, known: readonly KnownPlace[]): KnownPlace[] {
  const named = names.flatMap((own) => known.find(({ name }) => name === own) ?? []);
  if (named.length > 0 || !followsPreposition) return named;
  return known
    .filter(({ name }) => names.some((own) => name.startsWith(`${own} `)))
    .sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1))
    .slice(0, 1);
}

const isTaken = ({ start, end }: Span, taken: ReadonlySet<number>) =>
  Array.from({ length: end - start }, (_, i) => start + i).some((index) => taken.has(index));
