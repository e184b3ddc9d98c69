/** Notifies the parts that hold vectors in memory of changes made by this process. */

export interface VectorListener {
  saved(restaurantId: number, vector: Float32Array, modelVersionId: number): void;
  deleted(restaurantId: number): void;
}

export interface VectorChanges extends VectorListener {
  listen(listener: VectorListener): void;
}

export function createVectorChanges(): VectorChanges {
  const listeners: VectorListener[] = [];
  return {
    listen: (listener) => void listeners.push(listener),
    saved: (id, vector, modelVersionId) =>
      listeners.forEach((listener) => listener.saved(id, vector, modelVersionId)),
    deleted: (id) => listeners.forEach((listener) => listener.deleted(id)),
  };
}
