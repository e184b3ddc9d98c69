/**
 * Writes `src/search/words/place-names.txt` from Unicode CLDR: cities in English and Portuguese.
 * Usage: npm install --prefix /tmp/cldr cldr-dates-full && node scripts/place-names.mjs /tmp/cldr
 * A line is one place, its names folded and separated by commas.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const packages = join(resolve(process.argv[2] ?? '.'), 'node_modules');
const target = resolve(import.meta.dirname, '../src/search/words/place-names.txt');
/** Larger cities that stand for no time zone. */
const others = [
  ['Antwerp', 'Antuérpia'],
  ['Beijing', 'Pequim'],
  ['Bordeaux', 'Bordéus'],
  ['Cape Town', 'Cidade do Cabo'],
  ['Cologne', 'Colônia', 'Colónia'],
  ['Edinburgh', 'Edimburgo'],
  ['Florence', 'Florença'],
  ['Geneva', 'Genebra'],
  ['Hamburg', 'Hamburgo'],
  ['Kyoto', 'Quioto'],
  ['Marseille', 'Marselha'],
  ['Milan', 'Milão'],
  ['Munich', 'Munique'],
  ['Naples', 'Nápoles'],
  ['New Orleans', 'Nova Orleans', 'Nova Orleães'],
  ['Philadelphia', 'Filadélfia'],
  ['Porto', 'Oporto'],
  ['Saint Petersburg', 'São Petersburgo'],
  ['Seville', 'Sevilha'],
  ['The Hague', 'Haia'],
  ['Turin', 'Turim'],
  ['Venice', 'Veneza'],
];
/** Cities with one name in both languages, which are known to be cities where no restaurant is. */
const sameInBoth =
  'Paris, Barcelona, Buenos Aires, Bangkok, Dubai, Chicago, Boston, Seattle, Austin, Miami, Dallas, Houston, Las Vegas, Los Angeles, San Francisco, San Diego, Toronto, Vancouver, Montreal, Sydney, Melbourne, Mumbai, Manchester, Liverpool, Glasgow, Dublin, Lyon, São Paulo, Rio de Janeiro, Belo Horizonte, Porto Alegre, Curitiba, Recife, Salvador, Fortaleza, Manaus, Brasília, Goiânia, Florianópolis, Campinas, Maceió, Aracaju, Cuiabá, Joinville, Ouro Preto, Braga, Coimbra, Funchal, Osaka';

/** These are not what a person names when looking for a restaurant. */
const notCities =
  /island|atoll|station|unknown|dakota|\bland\b|archipelago|province|region|county|district|state|governorate/;

const fold = (name) =>
  name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Time zone → the city that stands for it. */
function zoneCities(locale) {
  const file = join(packages, `cldr-dates-full/main/${locale}/timeZoneNames.json`);
  const { zone } = JSON.parse(readFileSync(file, 'utf8')).main[locale].dates.timeZoneNames;
  const collect = (names, path) =>
    Object.entries(names).flatMap(([key, value]) => {
      if (typeof value !== 'object') return [];
      return value.exemplarCity
        ? [[[...path, key].join('/'), value.exemplarCity]]
        : collect(value, [...path, key]);
    });
  return new Map(collect(zone, []));
}

const [english, brazilian, european] = ['en', 'pt', 'pt-PT'].map(zoneCities);
const zones = [...brazilian.keys()].map((zone) => [
  english.get(zone) ?? zone.split('/').at(-1).replaceAll('_', ' '),
  brazilian.get(zone),
  european.get(zone),
]);
const lines = new Map();
for (const names of [...zones, ...others]) {
  const own = [...new Set(names.filter(Boolean).map(fold))].filter(Boolean);
  if (own.length < 2 || own.some((name) => notCities.test(name) || name.length < 4)) continue;
  const known = lines.get(own[0]) ?? [];
  lines.set(own[0], [...new Set([...known, ...own])]);
}
for (const name of sameInBoth.split(', ').map(fold)) lines.set(name, [name]);
writeFileSync(
  target,
  `${[...lines.values()]
    .map((names) => names.join(','))
    .sort((a, b) => (a < b ? -1 : 1))
    .join('\n')}\n`,
);
console.log(`${lines.size} places`);
