/** Recommendations, each with the pick that explains it. */
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { Because } from '../../search/recommend.ts';
import type { Coverage } from '../../search/on-demand-coverage.ts';
import { markShared } from '../mark-shared.ts';
import { reasonInWords, type Words } from '../languages/words.ts';
import { RestaurantRow } from '../restaurant-row.tsx';

export interface Recommended {
  readonly items: readonly { readonly restaurant: Restaurant; readonly because: Because | undefined }[];
  readonly strategy: 'preferences' | 'top-rated';
  readonly coverage: Coverage;
  /** The number of picks without a vector, and why the first has none. */
  readonly leftOut: number;
  readonly reason: string | undefined;
}

function describe(words: Words, { strategy, coverage, leftOut, reason }: Recommended): string {
  const { forYou, list } = words;
  const { embedded, eligible, toppedUp } = coverage;
  const counted = [forYou.among(embedded, eligible), ...(toppedUp > 0 ? [list.justIndexed(toppedUp)] : [])];
  const sentences = [strategy === 'top-rated' ? forYou.topRated : `${counted.join(' · ')}.`];
  if (leftOut > 0) sentences.push(forYou.leftOut(leftOut, reasonInWords(words, reason ?? 'in-progress')));
  return sentences.join(' ');
}

/** `#recommended`; without picks it is a hint, and nothing is embedded. */
export const RecommendedList = ({ words, result }: { words: Words; result: Recommended | undefined }) => (
  <div id="recommended">
    <p class="summary" role="status">
      {result ? describe(words, result) : words.forYou.nothingYet}
    </p>
    <p class="needs-script" id="update-line" hidden>
      <button type="button" id="update" class="primary">
        {words.forYou.update}
      </button>
    </p>
    <ul class="rows">
      {result?.items.map(({ restaurant, because }) => (
        <RestaurantRow
          words={words}
          restaurant={restaurant}
          marked={because && markShared(restaurant, because.sharedWords)}
        >
          {because && (
            <p class="why">
              {words.forYou.because(because.name)}
              {because.sharedWords.length > 0 &&
                ` · ${words.restaurant.inBoth(because.sharedWords.join(', '))}`}
            </p>
          )}
        </RestaurantRow>
      ))}
    </ul>
  </div>
);
