/** The search field and its filters: a form that is submitted without scripts, and searches while typing with them. */
import type { View } from '../view.ts';
import { countFilters, type ListQuery } from './list-query.ts';

const ratings = ['3', '4', '4.5'];
const priceLevels = ['1', '2', '3', '4'];

const Select = ({
  name,
  label,
  any,
  selected,
  options,
}: {
  name: string;
  label: string;
  any: string;
  selected: string | undefined;
  options: readonly (readonly [value: string, text: string])[];
}) => (
  <div>
    <label for={name}>{label}</label>
    <select id={name} name={name}>
      <option value="">{any}</option>
      {options.map(([value, text]) => (
        <option value={value} selected={value === selected}>
          {text}
        </option>
      ))}
    </select>
  </div>
);

export interface FiltersProps {
  readonly view: View;
  readonly query: ListQuery;
  readonly cuisines: readonly string[];
}

/** A popover: a sheet on a phone, without scripts; on a wide screen part of the line. */
const FilterSheet = ({ view: { words }, query, cuisines }: FiltersProps) => (
  <div id="filter-sheet" class="filter-sheet" popover="auto">
    <Select
      name="cuisineType"
      label={words.list.cuisine}
      any={words.list.any}
      selected={query.cuisineType}
      options={cuisines.map((cuisine) => [cuisine, cuisine])}
    />
    <Select
      name="minRating"
      label={words.list.rating}
      any={words.list.any}
      selected={query.minRating}
      options={ratings.map((rating) => [rating, `★ ${words.decimal(Number(rating), 1)}`])}
    />
    <Select
      name="priceLevel"
      label={words.list.price}
      any={words.list.any}
      selected={query.priceLevel}
      options={priceLevels.map((level) => [level, '$'.repeat(Number(level))])}
    />
    <div>
      <label for="location">{words.list.place}</label>
      <input id="location" name="location" value={query.location ?? ''} autocomplete="address-level2" />
    </div>
    <Select
      name="embedded"
      label={words.list.indexed}
      any={words.list.any}
      selected={query.embedded}
      options={[
        ['true', words.list.yes],
        ['false', words.list.notYet],
      ]}
    />
    <button class="primary sheet-only">{words.list.apply}</button>
  </div>
);

export const SearchForm = ({ view, query, cuisines }: FiltersProps) => {
  const { words } = view;
  const active = countFilters(query);
  return (
    <form id="filters" class="search" method="get" action="/" role="search">
      <div class="search-line">
        <label class="unseen" for="q">
          {words.list.searchLabel}
        </label>
        <div class="search-field">
          <input id="q" name="q" type="search" value={query.q ?? ''} placeholder={words.list.placeholder} />
          <ul id="suggestions" role="listbox" aria-label={words.list.suggestions} hidden />
        </div>
        <button class="primary">{words.list.search}</button>
        <button type="button" class="sheet-only" popovertarget="filter-sheet">
          {active > 0 ? words.list.filtersActive(active) : words.list.filters}
        </button>
      </div>
      {query.family && <input type="hidden" name="family" value={query.family} />}
      <input
        type="hidden"
        name="near"
        id="near"
        value={query.near ? `${query.near.latitude},${query.near.longitude}` : ''}
      />
      <FilterSheet view={view} query={query} cuisines={cuisines} />
    </form>
  );
};
