/** The texts that wait for the model: by priority, then in the order of arrival. */
import { higherPriority, priorities, type EmbeddedText, type Priority } from '../embedding/embedder.ts';

export interface WaitingText {
  readonly text: string;
  priority: Priority;
  /** The key of the client that asked for it. */
  readonly client: string | undefined;
  /** Monotonic clock, in ms. */
  readonly queuedAt: number;
  /** True after the model process failed while it embedded this text: it gets one more try. */
  retried: boolean;
  resolve(result: EmbeddedText): void;
  reject(error: Error): void;
}

export interface TextQueue {
  readonly size: number;
  /** Number of texts of this client. */
  sizeOf(client: string): number;
  /** True while a read or a query waits. */
  hasUrgent(): boolean;
  push(item: WaitingText): void;
  /** Puts the text before all others of its priority. */
  pushFirst(item: WaitingText): void;
  take(): WaitingText | undefined;
  takeAll(): WaitingText[];
  promote(item: WaitingText, priority: Priority): void;
}

export function createTextQueue(): TextQueue {
  const lanes: Record<Priority, Set<WaitingText>> = {
    read: new Set(),
    query: new Set(),
    background: new Set(),
  };
  const sizes = new Map<string, number>();

  function count({ client }: WaitingText, change: 1 | -1): void {
    if (client === undefined) return;
    const size = (sizes.get(client) ?? 0) + change;
    if (size > 0) sizes.set(client, size);
    else sizes.delete(client);
  }

  return {
    get size() {
      return lanes.read.size + lanes.query.size + lanes.background.size;
    },
    sizeOf: (client) => sizes.get(client) ?? 0,
    hasUrgent: () => lanes.read.size + lanes.query.size > 0,
    push(item) {
      lanes[item.priority].add(item);
      count(item, 1);
    },
    pushFirst(item) {
      lanes[item.priority] = new Set([item, ...lanes[item.priority]]);
      count(item, 1);
    },
    take() {
      for (const priority of priorities) {
        for (const item of lanes[priority]) {
          lanes[priority].delete(item);
          count(item, -1);
          return item;
        }
      }
      return undefined;
    },
    takeAll() {
      const all = priorities.flatMap((priority) => [...lanes[priority]]);
      for (const priority of priorities) lanes[priority].clear();
      sizes.clear();
      return all;
    },
    promote(item, priority) {
      const higher = higherPriority(item.priority, priority);
      if (higher === item.priority || !lanes[item.priority].delete(item)) return;
      item.priority = higher;
      lanes[higher].add(item);
    },
  };
}
