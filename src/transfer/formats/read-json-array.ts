/**
 * A JSON array of objects, read element by element in bounded memory. An element that is not valid JSON is a problem
 * of its own as long as its brackets and quotes match.
 */
import type { ImportLine } from '../import-record.ts';
import { ImportFormatError, MAX_LINE_CHARACTERS } from './import-format-error.ts';
import { parseObject } from './parse-object.ts';

/** Throws {@link ImportFormatError} if the text is not an array, or ends before it is closed. */
export async function* readJsonArray(text: AsyncIterable<string>): AsyncGenerator<ImportLine> {
  const splitter = createElementSplitter();
  for await (const piece of text) {
    for (const { line, content } of splitter.push(piece)) {
      if (content === undefined) yield { line, problem: `is longer than ${MAX_LINE_CHARACTERS} characters` };
      else yield parseObject(line, content);
    }
  }
  splitter.end();
}

interface Element {
  /** Where it begins. */
  readonly line: number;
  /** Undefined when it is too long. */
  readonly content: string | undefined;
}

function createElementSplitter() {
  let position: 'before' | 'inside' | 'after' = 'before';
  /** Brackets and braces that are open within the element. */
  let nested = 0;
  let isInString = false;
  let isEscaped = false;
  let line = 1;
  /** Where the element begins; undefined before its first character. */
  let firstLine: number | undefined;
  /** The part of the element in earlier chunks; undefined when it is too long. */
  let content: string | undefined = '';

  function take(piece: string): void {
    const isTooLong = content === undefined || content.length + piece.length > MAX_LINE_CHARACTERS;
    content = isTooLong ? undefined : content + piece;
  }

  function endElement(): Element {
    const element = { line: firstLine ?? line, content: content?.trim() };
    content = '';
    firstLine = undefined;
    return element;
  }

  function readInString(character: string): void {
    if (isEscaped) isEscaped = false;
    else if (character === '\\') isEscaped = true;
    else if (character === '"') isInString = false;
  }

  function readOutsideArray(character: string): void {
    if (position === 'after') {
      throw new ImportFormatError(`Line ${line}: there is text after the end of the array.`);
    }
    if (character !== '[') throw new ImportFormatError('The file is not a JSON array: it must begin with [.');
    position = 'inside';
  }

  function readInElement(character: string): void {
    firstLine ??= line;
    if (character === '"') isInString = true;
    else if (character === '[' || character === '{') nested += 1;
    else if (character === ']' || character === '}') nested = Math.max(0, nested - 1);
  }

  return {
    *push(text: string): Generator<Element> {
      let start = 0;
      for (let i = 0; i < text.length; i += 1) {
        const character = text.charAt(i);
        if (character === '\n') line += 1;
        if (isInString) readInString(character);
        else if (character <= ' ') continue;
        else if (position !== 'inside') {
          readOutsideArray(character);
          start = i + 1;
        } else if (nested === 0 && (character === ',' || character === ']')) {
          take(text.slice(start, i));
          start = i + 1;
          const element = endElement();
          if (character === ',' || element.content !== '') yield element;
          if (character === ']') position = 'after';
        } else readInElement(character);
      }
      if (position === 'inside') take(text.slice(start));
    },
    end(): void {
      if (position === 'after') return;
      throw new ImportFormatError(`The array is not closed: the file ends in line ${line}.`);
    },
  };
}
