/** Exports the catalogue as NDJSON, page by page, with or without vectors. */
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { ExportedRestaurant, ExportStore } from './export-store.ts';

/** Pieces of text, each of whole lines, in the order of ids. Rows written meanwhile may or may not be in it. */
export async function* exportRestaurants(
  exports: ExportStore,
  options: { readonly withVectors: boolean; readonly modelVersion: StoredModelVersion | undefined },
): AsyncGenerator<string> {
  for await (const page of exports.pages(options)) yield page.map(toLine).join('');
}

function toLine({ restaurant, vector }: ExportedRestaurant): string {
  const whole = vector
    ? { ...restaurant, embedding: { ...restaurant.embedding, vector: [...vector] } }
    : restaurant;
  return `${JSON.stringify(whole)}\n`;
}
