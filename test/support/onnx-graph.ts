/** Edits an ONNX file just enough to make the other common export of the same model. */

const GRAPH_FIELD = 7; // ModelProto.graph
const OUTPUT_FIELD = 12; // GraphProto.output
const NAME_FIELD = 1; // ValueInfoProto.name
const LENGTH_DELIMITED = 2;

interface Field {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  /** Undefined for scalars. */
  readonly content: Buffer | undefined;
}

/** The model without one of its graph's outputs; the nodes that compute it stay and are pruned at load. */
export function withoutGraphOutput(model: Buffer, name: string): Buffer {
  return rewrite(model, GRAPH_FIELD, (graph) =>
    rewrite(graph, OUTPUT_FIELD, (output) => {
      const own = fields(output).find(({ number }) => number === NAME_FIELD);
      return own?.content?.toString() === name ? undefined : output;
    }),
  );
}

function rewrite(message: Buffer, number: number, change: (content: Buffer) => Buffer | undefined): Buffer {
  const parts = fields(message).map((field) => {
    if (field.number !== number || !field.content) return message.subarray(field.start, field.end);
    const changed = change(field.content);
    return changed
      ? Buffer.concat([varint((number << 3) | LENGTH_DELIMITED), varint(changed.length), changed])
      : Buffer.alloc(0);
  });
  return Buffer.concat(parts);
}

function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const readVarint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const start = at;
    const tag = readVarint();
    let content: Buffer | undefined;
    if ((tag & 7) === LENGTH_DELIMITED) {
      const length = readVarint();
      content = message.subarray(at, at + length);
      at += length;
    } else if ((tag & 7) === 0) readVarint();
    else at += (tag & 7) === 1 ? 8 : 4;
    found.push({ number: Math.floor(tag / 8), start, end: at, content });
  }
  return found;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
