/** The languages of the explorer. A missing key does not compile. */
import { en } from './en.ts';
import { enOperation } from './en-operation.ts';
import { pt } from './pt.ts';
import { ptOperation } from './pt-operation.ts';

export type PageWords = typeof en;
export type Words = PageWords & typeof enOperation;

export const languages = ['en', 'pt'] as const;
export type Language = (typeof languages)[number];

export const wordsOf: Readonly<Record<Language, Words>> = {
  en: { ...en, ...enOperation },
  pt: { ...pt, ...ptOperation },
};

/** A `reason` of the API in words; an unknown one is returned unchanged. */
export const reasonInWords = ({ reasons }: Words, reason: string): string =>
  (reasons as Readonly<Record<string, string>>)[reason] ?? reason;
