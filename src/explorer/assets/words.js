/** Messages of the modules in the page's language, and reasons why a vector does not exist yet. */

const { words, reasons } = document.querySelector('#words').dataset;
const known = JSON.parse(words);
const knownReasons = JSON.parse(reasons);

/** Fills the `{placeholders}` of a message. */
export const say = (name, values = {}) =>
  known[name].replaceAll(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ''));

/** A reason of the API in words. */
export const reasonInWords = (reason) => knownReasons[reason] ?? reason;

const locale = document.documentElement.lang === 'pt' ? 'pt-BR' : 'en';

/** Milliseconds as the language writes them, with the digits that matter. */
export const milliseconds = (ms) =>
  ms.toLocaleString(locale, { maximumFractionDigits: ms < 1 ? 2 : ms < 100 ? 1 : 0 });
