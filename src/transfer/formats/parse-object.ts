/** One row of a JSON format. */
import type { ImportLine } from '../import-record.ts';

/** `line` is where the text begins. Anything but an object is a problem of that line. */
export function parseObject(line: number, text: string): ImportLine {
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
      return { line, values: values as Record<string, unknown> };
    }
  } catch {
    return { line, problem: 'is not valid JSON' };
  }
  return { line, problem: 'is not a JSON object' };
}
