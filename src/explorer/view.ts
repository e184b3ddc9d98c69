/** The request data that every page needs. */
import type { Context } from 'hono';
import { chooseLanguage } from './language.ts';
import { wordsOf, type Language, type Words } from './languages/words.ts';

/** An API request whose response contains what the page shows. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
}

export interface View {
  readonly language: Language;
  readonly words: Words;
  /** Path and query of the page. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Scheme and host, for commands that a reader copies. */
  readonly origin: string;
}

export function readView(c: Context): View {
  const language = chooseLanguage(c);
  const { origin, pathname, searchParams } = new URL(c.req.url);
  for (const name of ['lang', 'typing']) searchParams.delete(name);
  return { language, words: wordsOf[language], path: pathname, query: searchParams, origin };
}

/** The same page with other parameters; undefined removes a parameter. */
export function linkTo(
  path: string,
  query: URLSearchParams,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const changed = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') changed.delete(name);
    else changed.set(name, value);
  }
  return changed.size > 0 ? `${path}?${changed.toString()}` : path;
}
