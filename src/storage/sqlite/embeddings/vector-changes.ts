/** Tells whoever keeps vectors in memory what has changed in the database. */

export interface VectorListener {
  saved(restaurantId: number, vector: Float32Array): void;
  deleted(restaurantId: number): void;
  generationChanged(): void;
}

export interface VectorChanges extends VectorListener {
  listen(listener: VectorListener): void;
}

export function createVectorChanges(): VectorChanges {
  const listeners: VectorListener[] = [];
  return {
    listen: (listener) => void listeners.push(listener),
    saved: (id, vector) => listeners.forEach((listener) => listener.saved(id, vector)),
    deleted: (id) => listeners.forEach((listener) => listener.deleted(id)),
    generationChanged: () => listeners.forEach((listener) => listener.generationChanged()),
  };
}
