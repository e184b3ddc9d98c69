/** Importing over HTTP, for tests. */
import type { Service } from './service.ts';

export async function importText(service: Service, type: string, text: string, query = '') {
  const response = await fetch(`${service.url}/restaurants/import${query}`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: text,
  });
  // oxlint-disable-next-line typescript/no-explicit-any
  return { status: response.status, body: (await response.json()) as any };
}
export const ndjson = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
/** Created, updated, unchanged, skipped, failed. */
export const counts = ({ created, updated, unchanged, skipped, failed }: Record<string, number>) => [
  created,
  updated,
  unchanged,
  skipped,
  failed,
];
