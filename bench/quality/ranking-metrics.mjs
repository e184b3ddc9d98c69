/** How good a ranking is, against graded relevance. */

const gain = (grade) => 2 ** (grade ?? 0) - 1;
const discounted = (grades) => grades.reduce((sum, grade, i) => sum + gain(grade) / Math.log2(i + 2), 0);
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** nDCG@10 with gain 2^grade − 1, recall@5 (of at most five), success@1. `found` are ids, the best first. */
export function measure(found, rel) {
  const ideal = discounted(
    Object.values(rel)
      .sort((a, b) => b - a)
      .slice(0, 10),
  );
  const relevant = Object.keys(rel).length;
  return {
    ndcg: discounted(found.slice(0, 10).map((id) => rel[id])) / ideal,
    recall: found.slice(0, 5).filter((id) => rel[id]).length / Math.min(5, relevant),
    success: rel[found[0]] ? 1 : 0,
  };
}

/** The subsets that are reported: both languages, same and across languages, and every kind of query. */
export function subsetsOf(queries) {
  const kinds = [...new Set(queries.map(({ kind }) => kind))].sort();
  const subsets = [
    ['all', () => true],
    ['Portuguese', ({ lang }) => lang === 'pt'],
    ['English', ({ lang }) => lang === 'en'],
    ['same language', ({ cross }) => !cross],
    ['across languages', ({ cross }) => cross],
    ...kinds.map((kind) => [kind, (query) => query.kind === kind]),
  ];
  return subsets.filter(([, belongs]) => queries.some(belongs));
}
