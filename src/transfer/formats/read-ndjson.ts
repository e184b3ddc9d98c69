/** NDJSON: one JSON object a line. Empty lines are skipped. */
import type { ImportLine } from '../import-record.ts';
import { MAX_LINE_CHARACTERS } from './import-format-error.ts';
import { parseObject } from './parse-object.ts';

export async function* readNdjson(text: AsyncIterable<string>): AsyncGenerator<ImportLine> {
  let line = 0;
  for await (const content of splitLines(text)) {
    line += 1;
    if (content === undefined) yield { line, problem: `is longer than ${MAX_LINE_CHARACTERS} characters` };
    else if (content.trim() !== '') yield parseObject(line, content);
  }
}

/** Lines without their ends; undefined for one that is too long. */
async function* splitLines(text: AsyncIterable<string>): AsyncGenerator<string | undefined> {
  let rest = '';
  let isTooLong = false;
  for await (const piece of text) {
    const parts = (rest + piece).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      yield isTooLong || part.length > MAX_LINE_CHARACTERS ? undefined : part;
      isTooLong = false;
    }
    if (rest.length > MAX_LINE_CHARACTERS) {
      isTooLong = true;
      rest = '';
    }
  }
  if (isTooLong) yield undefined;
  else if (rest !== '') yield rest;
}
