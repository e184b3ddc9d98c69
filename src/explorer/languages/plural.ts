/** Numbers and plurals of one language. */

export interface Plural {
  readonly one: string;
  readonly other: string;
}

export interface Numbers {
  /** `1234` as the language writes it. */
  count(value: number): string;
  /** A number with at most so many decimals. */
  decimal(value: number, decimals: number): string;
  /** The form that goes with the number, by the plural rules of the Unicode CLDR. */
  plural(value: number, forms: Plural): string;
}

/** `locale` is a BCP 47 tag. */
export function numbersOf(locale: string): Numbers {
  const rules = new Intl.PluralRules(locale);
  const whole = new Intl.NumberFormat(locale);
  const formats = new Map<number, Intl.NumberFormat>();
  return {
    count: (value) => whole.format(value),
    decimal(value, decimals) {
      const format =
        formats.get(decimals) ??
        new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
      formats.set(decimals, format);
      return format.format(value);
    },
    plural: (value, { one, other }) => (rules.select(value) === 'one' ? one : other),
  };
}
