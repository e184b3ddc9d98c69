/** Exports the catalogue page by page, as NDJSON or CSV. */
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { ExportedRestaurant, ExportStore } from './export-store.ts';
import { csvHeader, toCsvLine } from './formats/write-csv.ts';

export const exportFormats = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  readonly format: ExportFormat;
  /** NDJSON only. */
  readonly withVectors: boolean;
  readonly modelVersion: StoredModelVersion | undefined;
}

/** Pieces of text, each of whole lines, in the order of ids. Rows written meanwhile may or may not be in it. */
export async function* exportRestaurants(
  exports: ExportStore,
  { format, ...options }: ExportOptions,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvHeader;
  for await (const page of exports.pages(options)) {
    yield page.map((row) => (format === 'csv' ? toCsvLine(row.restaurant) : toJsonLine(row))).join('');
  }
}

function toJsonLine({ restaurant, vector }: ExportedRestaurant): string {
  const whole = vector
    ? { ...restaurant, embedding: { ...restaurant.embedding, vector: [...vector] } }
    : restaurant;
  return `${JSON.stringify(whole)}\n`;
}
