/** Price preferences in a query. */
import { foldedWords } from './split-words.ts';

export type PriceWish = 'low' | 'high';

const wishes: readonly (readonly [PriceWish, RegExp])[] = [
  [
    'low',
    /\b(barat\w+|economic[oa]s?|preco baixo|em conta|gastar pouco|cheap\w*|budget|inexpensive|affordable)\b/,
  ],
  [
    'high',
    /\b(fine dining|high end|upscale|luxur\w+|fancy|splurge|expensive|michelin|alta gastronomia|luxo|luxuos[oa]s?|chique|sofisticad[oa]s?|requintad[oa]s?|estrelad[oa]s?)\b/,
  ],
];

/** Undefined when the query names no price, or contradicts itself. */
export function priceWish(query: string): PriceWish | undefined {
  const text = foldedWords(query).join(' ');
  const found = wishes.filter(([, words]) => words.test(text));
  return found.length === 1 ? found[0]?.[0] : undefined;
}

/** How well a price level (1–4, null when unknown) fits the preference, 0–1. */
export function priceFit(wish: PriceWish, priceLevel: number | null): number {
  if (priceLevel === null) return 0.5;
  const low = [1, 0.75, 0.25, 0][priceLevel - 1] ?? 0.5;
  return wish === 'low' ? low : 1 - low;
}
