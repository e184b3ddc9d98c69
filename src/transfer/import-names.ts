/** The names that an import accepts for fields. */
import { restaurantFieldsSchema } from '../catalog/restaurant.ts';

const fieldNames = ['id', ...Object.keys(restaurantFieldsSchema.shape)];
/** Fields that an export adds; ignored, so that an export can be imported. */
const ignoredNames = ['createdAt', 'updatedAt', 'version', 'embedding', 'distanceKm'];

const plain = (name: string) => name.replaceAll(/[_\s-]/g, '').toLowerCase();
const knownNames = new Map([...fieldNames, ...ignoredNames].map((name) => [plain(name), name]));

/** `external_id`, `externalId` and `External ID` are all `externalId`; undefined for an unknown name. */
export const importedName = (name: string): string | undefined => knownNames.get(plain(name));

export const isIgnoredName = (name: string): boolean => ignoredNames.includes(name);

export const importedNames = `${fieldNames.join(', ')} (or in snake_case)`;

/** The field that was probably meant: the one within two edits. */
export function suggestName(given: string): string | undefined {
  const wanted = plain(given.slice(0, 50));
  return fieldNames.find((name) => wanted.length > 3 && editDistance(wanted, plain(name)) <= 2);
}

/** Levenshtein distance, row by row. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
