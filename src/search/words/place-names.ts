/** Names of cities in English and Portuguese. */
import { readFileSync } from 'node:fs';

let names: ReadonlyMap<string, readonly string[]> | undefined;

/** Lines of names separated by commas; made by `scripts/place-names.mjs` from Unicode CLDR. */
function readNames(): ReadonlyMap<string, readonly string[]> {
  const lines = readFileSync(new URL('./place-names.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return new Map(
    lines.flatMap((line) => {
      const own = line.split(',');
      return own.map((name) => [name, own] as const);
    }),
  );
}

/** Takes folded words separated by single spaces. */
export function isCity(name: string): boolean {
  names ??= readNames();
  return names.has(name);
}

/** All names of the place, the given one first. Takes and returns folded words separated by single spaces. */
export function namesOfPlace(name: string): readonly string[] {
  names ??= readNames();
  return [name, ...(names.get(name) ?? []).filter((other) => other !== name)];
}
