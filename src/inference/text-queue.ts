/** The texts that wait for the model: by priority, then in the order of arrival. */
import { higherPriority, priorities, type Priority } from '../embedding/embedder.ts';

export interface WaitingText {
  readonly text: string;
  priority: Priority;
  /** True once the model process has died under it: it gets one more try. */
  retried: boolean;
  /** When the model began with it, by the monotonic clock in ms. */
  runAtMs?: number;
  resolve(vector: Float32Array): void;
  reject(error: Error): void;
}

export interface TextQueue {
  readonly size: number;
  /** Somebody waits for a read or a query. */
  hasUrgent(): boolean;
  push(item: WaitingText): void;
  /** In front of everything of its priority. */
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

  return {
    get size() {
      return lanes.read.size + lanes.query.size + lanes.background.size;
    },
    hasUrgent: () => lanes.read.size + lanes.query.size > 0,
    push: (item) => void lanes[item.priority].add(item),
    pushFirst(item) {
      lanes[item.priority] = new Set([item, ...lanes[item.priority]]);
    },
    take() {
      for (const priority of priorities) {
        for (const item of lanes[priority]) {
          lanes[priority].delete(item);
          return item;
        }
      }
      return undefined;
    },
    takeAll() {
      const all = priorities.flatMap((priority) => [...lanes[priority]]);
      for (const priority of priorities) lanes[priority].clear();
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
