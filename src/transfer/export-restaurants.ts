/** Exports the catalogue as NDJSON, page by page, with or without vectors. */
import type { Restaurant } from '../catalog/restaurant.ts';
import type { PagePosition, RestaurantStore } from '../catalog/restaurant-store.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';

export interface ExportDependencies {
  readonly restaurants: RestaurantStore;
  readonly embeddings: Pick<EmbeddingStore, 'findVector'>;
}

const PAGE = 200;

/** Pieces of text, each of whole lines, in the order of ids. Rows written meanwhile may or may not be in it. */
export async function* exportRestaurants(
  { restaurants, embeddings }: ExportDependencies,
  { withVectors }: { readonly withVectors: boolean },
): AsyncGenerator<string> {
  async function toLine(restaurant: Restaurant): Promise<string> {
    const vector = withVectors ? await embeddings.findVector(restaurant.id) : undefined;
    const whole = vector
      ? { ...restaurant, embedding: { ...restaurant.embedding, vector: [...vector] } }
      : restaurant;
    return `${JSON.stringify(whole)}\n`;
  }

  let after: PagePosition | undefined;
  do {
    const page = await restaurants.list({ filters: {}, sort: 'id', limit: PAGE, after });
    const lines = await Promise.all(page.items.map(toLine));
    if (lines.length > 0) yield lines.join('');
    after = page.next;
  } while (after);
}
