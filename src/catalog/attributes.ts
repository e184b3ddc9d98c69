/** Custom fields of a restaurant: a JSON object that is stored and returned, filtered by, but never embedded. */
import { z } from 'zod';

const MAX_BYTES = 16_384;
const MAX_DEPTH = 10;

/** Whether the value is nested at most `levels` deep. Looks no deeper than that. */
function isFlatEnough(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isFlatEnough(inner, levels - 1));
}

export const attributesSchema = z
  .record(z.string().min(1).max(100), z.unknown())
  .check(({ value, issues }) => {
    const reject = (message: string) => issues.push({ code: 'custom', input: value, message });
    if (!isFlatEnough(value, MAX_DEPTH)) reject(`must not be nested deeper than ${MAX_DEPTH} levels`);
    else if (Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES) {
      reject(`must not be larger than ${MAX_BYTES} bytes of JSON`);
    }
  })
  .meta({ example: { delivery: true, phone: '+55 31 5555-0101' } });

/** Any JSON values. */
export type Attributes = z.infer<typeof attributesSchema>;

const isObject = (value: unknown): value is Attributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON merge patch (RFC 7396): objects are merged key by key, null removes a key, anything else replaces. */
export function mergeAttributes(current: Attributes | null, patch: Attributes): Attributes {
  const merged = new Map(Object.entries(current ?? {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else if (isObject(value)) {
      const before = merged.get(key);
      merged.set(key, mergeAttributes(isObject(before) ? before : null, value));
    } else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}
