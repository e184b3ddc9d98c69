/** Tables of measurements with their goals: every line says whether its goal is met. */

export const isQuick = process.argv.includes('--quick');

/** Three digits that matter, but all that a large whole number has. */
export const show = (value) => {
  if (!Number.isFinite(value)) return '–';
  return value >= 1_000
    ? Math.round(value).toLocaleString('en')
    : value.toLocaleString('en', { maximumSignificantDigits: 3 });
};

export const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);

/** The first two lines of a table. */
export function heading(...titles) {
  row(...titles);
  console.log(`|${'---|'.repeat(titles.length)}`);
}

export const goalsHeading = (what) => heading(what, 'measured', 'goal', '');

/** Prints a line; gives whether the goal is met. Without a goal the figure is just told. */
export function tell(what, value, unit = '', { atMost, atLeast } = {}) {
  const measured = `${show(value)} ${unit}`.trim();
  if (atMost === undefined && atLeast === undefined) {
    row(what, measured, '', '');
    return true;
  }
  const isMet = atMost === undefined ? value >= atLeast : value <= atMost;
  const goal = atMost === undefined ? `≥ ${show(atLeast)}` : `≤ ${show(atMost)}`;
  row(what, measured, `${goal} ${unit}`.trim(), isMet ? 'met' : 'missed');
  return isMet;
}
