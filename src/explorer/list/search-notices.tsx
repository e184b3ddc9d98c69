/** What the search understood, and what it could not find. */
import { isThin } from '../../search/on-demand-coverage.ts';
import type { Words } from '../languages/words.ts';
import type { ListQuery } from './list-query.ts';
import type { ListResults } from './list-results.ts';

function understood({ list }: Words, { corrected, place }: ListResults): string | undefined {
  const sentences = [
    ...(corrected === undefined ? [] : [list.corrected(corrected)]),
    ...(place === undefined ? [] : [list.inPlace(place)]),
  ];
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}

/** A search by words alone says so itself, whatever the coverage. */
function coverageSentence({ list }: Words, { coverage, wordsOnly }: ListResults): string | undefined {
  if (!coverage || wordsOnly !== undefined || !isThin(coverage)) return undefined;
  return list.thinCoverage(coverage.embedded, coverage.eligible);
}

export const SearchNotices = ({
  words,
  query: { q },
  results,
}: {
  words: Words;
  query: ListQuery;
  results: ListResults;
}) => {
  const { list } = words;
  const isEmpty = results.items.length === 0;
  if (q === undefined) return isEmpty ? <p class="notice">{list.noMatch}</p> : null;
  const notices = {
    understood: understood(words, results),
    found: isEmpty ? list.noMatchFor(q) : results.isMeaningOnly ? list.onlyMeaning(q) : undefined,
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
