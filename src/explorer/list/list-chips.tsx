/** Chips: near me, the catalogue's cuisine families with their counts, and example queries. */
import { kindOf, type Family } from '../cuisine-families.ts';
import { CuisineIcon, type IconName } from '../cuisine-icon.tsx';
import { linkTo, type View } from '../view.ts';
import type { FamilyCounts } from './family-counts.ts';
import { countFilters, type ListQuery } from './list-query.ts';

const MAX_CHIPS = 12;

/** The families with most restaurants first, each with the icon of its most frequent cuisine. */
function familiesOf(
  cuisines: readonly string[],
  counts: FamilyCounts | undefined,
): (readonly [Family, IconName])[] {
  const found = new Map<Family, IconName>();
  for (const { family, icon } of cuisines.map(kindOf)) {
    if (family !== 'other' && !found.has(family)) found.set(family, icon);
  }
  return [...found]
    .toSorted(([one], [other]) => (counts?.get(other) ?? 0) - (counts?.get(one) ?? 0))
    .slice(0, MAX_CHIPS);
}

export const ListChips = ({
  view: { words, query: parameters },
  query,
  cuisines,
  families,
}: {
  view: View;
  query: ListQuery;
  cuisines: readonly string[];
  /** Undefined where nothing was counted. */
  families: FamilyCounts | undefined;
}) => {
  const link = (changes: Readonly<Record<string, string | undefined>>) =>
    linkTo('/', parameters, { after: undefined, offset: undefined, typing: undefined, ...changes });
  return (
    <ul class="chips" id="chips" aria-label={words.list.shortcuts}>
      <li class="needs-script">
        <button type="button" id="near-me" aria-pressed={query.near ? 'true' : 'false'}>
          <span aria-hidden="true">◎ </span>
          {query.near ? words.list.within(query.near.radiusKm ?? 0) : words.list.nearMe}
        </button>
      </li>
      {familiesOf(cuisines, families).map(([family, icon]) => {
        const isCurrent = family === query.family;
        const count = families && (families.get(family) ?? 0);
        if (count === 0 && !isCurrent) return null;
        return (
          <li>
            <a
              href={link({ family: isCurrent ? undefined : family, cuisineType: undefined })}
              aria-current={isCurrent ? 'true' : undefined}
              class={family}
            >
              <CuisineIcon name={icon} />
              {words.families[family]}
              {/* With words every restaurant is ranked: a count would say nothing of the results. */}
              {count !== undefined && query.q === undefined && (
                <span class="count">{words.count(count)}</span>
              )}
            </a>
          </li>
        );
      })}
      {countFilters(query) > 0 && (
        <li>
          <a href={linkTo('/', new URLSearchParams(), { q: query.q })}>✕ {words.list.clear}</a>
        </li>
      )}
    </ul>
  );
};

export const Examples = ({ view: { words } }: { view: View }) => (
  <p class="examples">
    {`${words.list.examples}: `}
    {words.list.exampleQueries.map((example) => (
      <>
        <a href={linkTo('/', new URLSearchParams(), { q: example })}>{example}</a>{' '}
      </>
    ))}
  </p>
);
