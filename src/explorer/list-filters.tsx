/** The filters: without scripts a form that is sent, with them results that follow. */
export interface ListQuery {
  readonly q?: string | undefined;
  readonly cuisineType?: string | undefined;
  readonly minRating?: string | undefined;
  readonly priceLevel?: string | undefined;
  readonly location?: string | undefined;
  readonly embedded?: string | undefined;
}

const ratings = ['3', '4', '4.5'];
const priceLevels = ['1', '2', '3', '4'];

const Select = ({
  name,
  label,
  any = 'any',
  selected,
  options,
}: {
  name: keyof ListQuery;
  label: string;
  any?: string;
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

export const ListFilters = ({ query, cuisines }: { query: ListQuery; cuisines: readonly string[] }) => (
  <form class="filters" id="filters" method="get" action="/" role="search">
    <div class="grow">
      <label for="q">Search by words and meaning</label>
      <input
        id="q"
        name="q"
        type="search"
        value={query.q ?? ''}
        placeholder="feijoada, quiet garden, sushi…"
      />
    </div>
    <Select
      name="cuisineType"
      label="Cuisine"
      selected={query.cuisineType}
      options={cuisines.map((cuisine) => [cuisine, cuisine])}
    />
    <Select
      name="minRating"
      label="Rating from"
      selected={query.minRating}
      options={ratings.map((rating) => [rating, rating])}
    />
    <Select
      name="priceLevel"
      label="Price"
      selected={query.priceLevel}
      options={priceLevels.map((level) => [level, '$'.repeat(Number(level))])}
    />
    <div>
      <label for="location">Location</label>
      <input id="location" name="location" value={query.location ?? ''} />
    </div>
    <Select
      name="embedded"
      label="Embedded"
      any="either"
      selected={query.embedded}
      options={[
        ['true', 'yes'],
        ['false', 'not yet'],
      ]}
    />
    <button class="primary">Search</button>
  </form>
);
