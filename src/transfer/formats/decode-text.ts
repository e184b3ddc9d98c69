/** Decodes bytes to text. Invalid bytes are rejected with their line, never replaced. */
import { InvalidTextError } from './import-format-error.ts';

/** Whether `charset` is a label of the Encoding Standard that this Node knows. */
export function isKnownCharset(charset: string): boolean {
  try {
    return new TextDecoder(charset).encoding !== '';
  } catch {
    return false;
  }
}

/** Yields the lines before the first that is not valid in `charset`, then throws {@link InvalidTextError}. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>, charset: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(charset, { fatal: true });
  let linesBefore = 0;
  let tail: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      const valid = decodeValidLines(tail, chunk, charset);
      yield valid.join('');
      throw invalidText(linesBefore + valid.length + 1, charset);
    }
    tail = chunk.subarray(-3);
    linesBefore += text.split('\n').length - 1;
    if (text !== '') yield text;
  }
  try {
    decoder.decode();
  } catch {
    throw invalidText(linesBefore + 1, charset);
  }
}

function invalidText(line: number, charset: string): InvalidTextError {
  const advice = isUtf8(charset)
    ? 'If the file has another encoding, name it, for example charset=windows-1252.'
    : 'Name the encoding in which the file was saved.';
  return new InvalidTextError(`Line ${line} is not valid ${isUtf8(charset) ? 'UTF-8' : charset}. ${advice}`);
}

const isUtf8 = (charset: string) => new TextDecoder(charset).encoding === 'utf-8';

/** The lines of `chunk` before the first that cannot be decoded. A character may begin in `tail`, the bytes before. */
function decodeValidLines(tail: Uint8Array, chunk: Uint8Array, charset: string): string[] {
  const decoder = new TextDecoder(charset, { fatal: true });
  const firstOfCharacter = tail.findIndex((byte) => (byte & 0xc0) !== 0x80);
  const lines: string[] = [];
  try {
    if (firstOfCharacter >= 0) decoder.decode(tail.subarray(firstOfCharacter), { stream: true });
    for (let start = 0; start < chunk.length;) {
      const end = chunk.indexOf(0x0a, start) + 1 || chunk.length;
      lines.push(decoder.decode(chunk.subarray(start, end), { stream: true }));
      start = end;
    }
  } catch {
    // This is the invalid line.
  }
  return lines;
}
