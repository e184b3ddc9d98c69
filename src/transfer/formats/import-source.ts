/** The source of an import, and how it is parsed. */

export type ImportFormat = 'ndjson' | 'json' | 'csv' | 'tsv';

/** Treatment of fields that a restaurant does not have: reject, leave out, or store under `attributes`. */
export const unknownFieldPolicies = ['refuse', 'ignore', 'store'] as const;
export type UnknownFields = (typeof unknownFieldPolicies)[number];

export interface ImportSource {
  /** May be compressed with gzip, which is detected. Destroyed when reading stops early. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Detected from the first character when left out. */
  readonly format?: ImportFormat | undefined;
  /** A label of the Encoding Standard, such as `windows-1252`; `utf-8` when left out. */
  readonly charset?: string | undefined;
  /** `refuse` when left out. */
  readonly unknownFields?: UnknownFields | undefined;
}
