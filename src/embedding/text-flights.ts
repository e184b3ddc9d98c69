/** Single flight by text: everyone who needs the vector of one text shares one lookup and one inference. */
import { higherPriority, type Embedder, type EmbeddingTask, type Priority } from './embedder.ts';
import type { EmbeddingStore } from './embedding-store.ts';

export type VectorOrigin = 'reused' | 'inferred';

interface TextFlight {
  readonly result: Promise<{ vector: Float32Array; origin: VectorOrigin }>;
  task: EmbeddingTask | undefined;
  priority: Priority;
  holders: number;
}

export interface TextFlights {
  /**
   * Calls `use` with the text's vector. The flight can be joined until everyone who joined has
   * finished using it, so a vector that is made but not yet stored is never made a second time.
   */
  withVector<T>(
    text: { readonly text: string; readonly textHash: string },
    priority: Priority,
    use: (vector: Float32Array, origin: VectorOrigin) => Promise<T>,
  ): Promise<T>;
  promote(textHash: string, priority: Priority): void;
  /** How often a caller found a flight under way. */
  readonly joins: number;
}

export function createTextFlights(store: EmbeddingStore, embedder: Pick<Embedder, 'embed'>): TextFlights {
  const flights = new Map<string, TextFlight>();
  let joins = 0;

  function start(text: string, textHash: string, priority: Priority): TextFlight {
    const fly = async () => {
      const known = await store.findVectorByTextHash(textHash);
      if (known) return { vector: known, origin: 'reused' as const };
      flight.task = embedder.embed(text, flight.priority);
      return { vector: await flight.task.vector, origin: 'inferred' as const };
    };
    // `fly` runs in a later microtask, when `flight` is assigned.
    const flight: TextFlight = { result: Promise.resolve().then(fly), task: undefined, priority, holders: 0 };
    flights.set(textHash, flight);
    return flight;
  }

  function promote(textHash: string, priority: Priority): void {
    const flight = flights.get(textHash);
    if (!flight) return;
    flight.priority = higherPriority(flight.priority, priority);
    flight.task?.promote(priority);
  }

  return {
    get joins() {
      return joins;
    },
    promote,
    async withVector({ text, textHash }, priority, use) {
      const known = flights.get(textHash);
      if (known) {
        joins += 1;
        promote(textHash, priority);
      }
      const flight = known ?? start(text, textHash, priority);
      flight.holders += 1;
      try {
        const { vector, origin } = await flight.result;
        return await use(vector, known ? 'reused' : origin);
      } finally {
        flight.holders -= 1;
        if (flight.holders === 0 && flights.get(textHash) === flight) flights.delete(textHash);
      }
    },
  };
}
