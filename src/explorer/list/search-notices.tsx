/** Notices on corrections, places and coverage of a search. */
import { isThin } from '../../search/on-demand-coverage.ts';
import type { Words } from '../languages/words.ts';
import { countFilters, type ListQuery } from './list-query.ts';
import type { ListResults } from './list-results.ts';

function understood({ list }: Words, { corrected, place, absentPlace }: ListResults): string | undefined {
  const sentences = [
    ...(corrected === undefined ? [] : [list.corrected(corrected)]),
    ...(place === undefined ? [] : [list.inPlace(place)]),
    ...(absentPlace === undefined ? [] : [list.noneInPlace(absentPlace)]),
  ];
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}

/** A notice when nothing was found; for a city without restaurants it is part of `understood`. */
function missing({ list }: Words, query: ListQuery, text: string, results: ListResults): string | undefined {
  if (results.coverage?.eligible === 0) return list.noMatchInFilters;
  if (results.items.length === 0) return countFilters(query) > 0 ? list.noMatch : list.noMatchFor(text);
  return results.isMeaningOnly && results.absentPlace === undefined ? list.onlyMeaning(text) : undefined;
}

/** A search by words only has a notice of its own, whatever the coverage. */
function coverageSentence({ list }: Words, { coverage, wordsOnly }: ListResults): string | undefined {
  if (!coverage || wordsOnly !== undefined || !isThin(coverage)) return undefined;
  return list.thinCoverage(coverage.embedded, coverage.eligible);
}

export const SearchNotices = ({
  words,
  query,
  results,
}: {
  words: Words;
  query: ListQuery;
  results: ListResults;
}) => {
  const { list } = words;
  const { q } = query;
  if (q === undefined) return results.items.length === 0 ? <p class="notice">{list.noMatch}</p> : null;
  const notices = {
    understood: understood(words, results),
    found: missing(words, query, q, results),
    coverage: coverageSentence(words, results),
  };
  return (
    <>
      {Object.entries(notices).map(
        ([name, text]) =>
          text && (
            <p class="notice" data-notice={name}>
              {text}
            </p>
          ),
      )}
    </>
  );
};
