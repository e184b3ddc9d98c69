/** The first line of a table: which column is which field. */
import { importedName, importedNames, suggestName } from '../import-names.ts';
import { ImportFormatError } from './import-format-error.ts';
import type { UnknownFields } from './import-source.ts';

/**
 * The name of each column; `false` for one to leave out. Unknown columns keep their own name under `store`.
 * Throws {@link ImportFormatError}: nothing has been stored yet.
 */
export function readHeader(header: readonly string[], unknownFields: UnknownFields): (string | false)[] {
  const columns = header.map((given) => ({ given, name: importedName(given) }));
  const unknown = columns.filter(({ name }) => name === undefined).map(({ given }) => given);
  if (unknown.length === columns.length) {
    throw rejected(
      `The first line must name the columns (name, cuisineType, rating and so on), but none of its names is known: ${quoted(unknown)}`,
    );
  }
  if (unknown.length > 0 && unknownFields === 'refuse') throw rejected(describeUnknown(unknown));
  const names = columns.map(({ name }) => name).filter((name) => name !== undefined);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    const both = columns.filter(({ name }) => name === repeated).map(({ given }) => given);
    throw rejected(`The columns ${quoted(both)} all mean ${repeated}`);
  }
  const stored = unknownFields === 'store' ? unknown.map((given) => given.trim()).filter(Boolean) : [];
  const again = stored.find((name, index) => stored.indexOf(name) !== index);
  if (again !== undefined) throw rejected(`The columns ${quoted([again, again])} have the same name`);
  if (!['name', 'id', 'externalId'].some((name) => names.includes(name))) {
    throw rejected(
      'The column name is missing. New restaurants need it; to change existing ones, give id or externalId',
    );
  }
  return columns.map(
    ({ given, name }) => name ?? (unknownFields === 'store' && given.trim() !== '' && given.trim()),
  );
}

function describeUnknown(unknown: readonly string[]): string {
  const suggestions = unknown.flatMap((given) => {
    const name = suggestName(given);
    return name === undefined ? [] : [` Did you mean ${name} instead of ${JSON.stringify(given)}?`];
  });
  const [one] = suggestions;
  const which = unknown.length === 1 ? 'The column' : 'The columns';
  const verb = unknown.length === 1 ? 'is' : 'are';
  return (
    `${which} ${quoted(unknown)} ${verb} not known; known are ${importedNames}.${one ?? ''} ` +
    'Leave such columns out with unknownFields=ignore, or keep them under attributes with unknownFields=store'
  );
}

/** At most ten, each cut: a header can be 64 KB long. */
const quoted = (names: readonly string[]) =>
  names
    .slice(0, 10)
    .map((name) => JSON.stringify(name.length > 50 ? `${name.slice(0, 50)}…` : name))
    .join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');

const rejected = (problem: string) => new ImportFormatError(`${problem}.`);
