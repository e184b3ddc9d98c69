/** Splits a query into tokens. */
import { foldText } from '../../catalog/fold-text.ts';
import { allWords, MAX_QUERY_WORDS } from './split-words.ts';

export interface QueryToken {
  /** As typed. */
  readonly typed: string;
  readonly folded: string;
  /** Folded parts of a hyphenated compound, such as `wi-fi`; a single part for any other word. */
  readonly parts: readonly string[];
}

/** Compounds with parts as short as this (`wi-fi`, `t-bone`) are one word; longer parts are words of their own. */
const LONGEST_PART = 3;

/** The first {@link MAX_QUERY_WORDS} words. Letters split off by an apostrophe (`chef's`, `d'água`) are dropped. */
export function splitQuery(query: string): readonly QueryToken[] {
  const tokens: QueryToken[] = [];
  for (const chunk of query.toWellFormed().split(/[^\p{L}\p{N}\p{Co}\p{M}'’‐‑-]+/u)) {
    const words = allWords(chunk);
    const longer = words.filter((word) => word.length > 1);
    const kept = /['’]/.test(chunk) && longer.length > 0 ? longer : words;
    const folded = kept.map(foldText).filter(Boolean);
    if (folded.length > 1 && folded.some((part) => part.length <= LONGEST_PART) && folded.length === 2) {
      tokens.push({ typed: kept.join('-'), folded: folded.join(''), parts: folded });
    } else {
      for (const [index, typed] of kept.entries()) {
        const own = folded[index];
        if (own) tokens.push({ typed, folded: own, parts: [own] });
      }
    }
  }
  return tokens.slice(0, MAX_QUERY_WORDS);
}
