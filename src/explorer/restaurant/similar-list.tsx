/** Similar restaurants: how close, why, and those with the same text folded into one row. */
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { Coverage } from '../../search/on-demand-coverage.ts';
import { markShared } from '../mark-shared.ts';
import { reasonInWords, type Words } from '../languages/words.ts';
import { RestaurantRow } from '../restaurant-row.tsx';
import type { Closeness } from './closeness.ts';

export interface SimilarItem {
  readonly restaurant: Restaurant;
  /** Cosine, −1…1. */
  readonly score: number;
  readonly closeness: Closeness;
  readonly sharedWords: readonly string[];
  readonly isSameCuisine: boolean;
}

interface Group extends SimilarItem {
  readonly twins: readonly Restaurant[];
}

const textOf = ({ name, description }: Restaurant) => `${name}\n${description ?? ''}`.toLowerCase();

/** The first restaurant of each text keeps its rank; the others become its twins. */
export function foldTwins(items: readonly SimilarItem[], limit: number): Group[] {
  const groups = new Map<string, Group>();
  for (const item of items) {
    const text = textOf(item.restaurant);
    const known = groups.get(text);
    if (known) groups.set(text, { ...known, twins: [...known.twins, item.restaurant] });
    else if (groups.size < limit) groups.set(text, { ...item, twins: [] });
  }
  return [...groups.values()];
}

const Reasons = ({ words: { restaurant: page, ...words }, item }: { words: Words; item: SimilarItem }) => (
  <p class="why">
    <span class={`closeness ${item.closeness}`} title={page.cosine(words.decimal(item.score, 2))}>
      {page.closeness[item.closeness]}
    </span>
    {item.isSameCuisine && ` · ${page.sameCuisine}`}
    {item.sharedWords.length > 0 && ` · ${page.inBoth(item.sharedWords.join(', '))}`}
  </p>
);

const Twins = ({ words, twins }: { words: Words; twins: readonly Restaurant[] }) => (
  <details class="twins">
    <summary>{words.restaurant.twins(twins.length)}</summary>
    <ul>
      {twins.map(({ id, name, location }) => (
        <li>
          <a href={`/explore/restaurants/${id}`}>{[name, location].filter(Boolean).join(' · ')}</a>
        </li>
      ))}
    </ul>
  </details>
);

/** `#similar`. */
export const SimilarList = ({
  words,
  items,
  coverage,
  reason,
}: {
  words: Words;
  items: readonly Group[];
  coverage: Coverage;
  reason: string | undefined;
}) => {
  const { list, restaurant: page } = words;
  const { embedded, eligible, toppedUp } = coverage;
  // The restaurant itself is among the indexed ones, and is not compared with itself.
  const others = { embedded: Math.max(0, embedded - (reason ? 0 : 1)), eligible: Math.max(0, eligible - 1) };
  const counted = [page.compared(others.embedded, others.eligible)];
  if (toppedUp > 0) counted.push(list.justIndexed(toppedUp));
  return (
    <div id="similar">
      <p class="summary" role="status">
        {reason ? page.noVector(reasonInWords(words, reason)) : `${counted.join(' · ')}.`}
      </p>
      {items.length === 0 && !reason && <p class="notice">{page.noneToCompare}</p>}
      <ul class="rows">
        {items.map((item) => (
          <RestaurantRow
            words={words}
            restaurant={item.restaurant}
            marked={markShared(item.restaurant, item.sharedWords)}
          >
            <Reasons words={words} item={item} />
            {item.twins.length > 0 && <Twins words={words} twins={item.twins} />}
          </RestaurantRow>
        ))}
      </ul>
    </div>
  );
};
