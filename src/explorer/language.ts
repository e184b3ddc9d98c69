/** Which language a page is in: `?lang=`, then the cookie of an earlier choice, then Accept-Language, then English. */
import type { Context } from 'hono';
import { parseAccept, type Accept } from 'hono/utils/accept';
import { getCookie, setCookie } from 'hono/cookie';
import { languages, type Language } from './languages/words.ts';

const COOKIE = 'tastematch-language';
const YEAR_SECONDS = 31_536_000;

const isLanguage = (value: string | undefined): value is Language =>
  (languages as readonly (string | undefined)[]).includes(value);

/** Remembers a choice made by `?lang=` in a cookie. */
export function chooseLanguage(c: Context): Language {
  const asked = c.req.query('lang');
  if (isLanguage(asked)) {
    setCookie(c, COOKIE, asked, { path: '/', maxAge: YEAR_SECONDS, sameSite: 'Lax', httpOnly: true });
    return asked;
  }
  const kept = getCookie(c, COOKIE);
  if (isLanguage(kept)) return kept;
  const header = c.req.header('accept-language');
  return header === undefined ? 'en' : firstKnown(parseAccept(header));
}

/** `pt-PT` and `pt-BR` are `pt`; the weights decide the order. */
function firstKnown(given: readonly Accept[]): Language {
  const byWeight = [...given].filter(({ q }) => q > 0).sort((a, b) => b.q - a.q);
  for (const { type } of byWeight) {
    const primary = type.toLowerCase().split('-')[0];
    if (isLanguage(primary)) return primary;
  }
  return 'en';
}
