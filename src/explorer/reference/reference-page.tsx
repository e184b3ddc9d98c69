/** The API reference: a plain table, and a button that loads Swagger UI. */
import { Layout } from '../layout.tsx';
import type { View } from '../view.ts';
import type { Operation } from './operations.ts';

const Row = ({ view: { words }, operation }: { view: View; operation: Operation }) => {
  const { method, path, summary, needsKey, curl } = operation;
  return (
    <li class="operation">
      <p>
        <span class={`method ${method.toLowerCase()}`}>{method}</span> <code>{path}</code>
        {needsKey && <span class="note"> · {words.reference.needsKey}</span>}
      </p>
      <p lang="en">{summary}</p>
      <div class="command">
        <code tabindex={0}>{curl}</code>
        <button type="button" class="needs-script" data-copy={curl}>
          {words.drawer.copy}
        </button>
      </div>
    </li>
  );
};

export const ReferencePage = ({
  view,
  operations,
  swaggerKilobytes,
}: {
  view: View;
  operations: readonly Operation[];
  swaggerKilobytes: number;
}) => {
  const { reference } = view.words;
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return (
    <Layout view={view} title={reference.title} current="/docs" script="reference.js" styles="reference.css">
      <div id="reference">
        <h1>{reference.title}</h1>
        <p class="lead">{reference.lead}</p>
        <p class="actions start">
          <button type="button" class="needs-script" id="interactive" data-loading={reference.loading}>
            {reference.interactive}
          </button>
          <span class="note needs-script">{reference.interactiveNote(swaggerKilobytes)}</span>
          <a href="/openapi.json">{reference.document}</a>
        </p>
        {tags.map((tag) => (
          <section>
            <h2 lang="en">{tag}</h2>
            <ul class="operations">
              {operations
                .filter((operation) => operation.tag === tag)
                .map((operation) => (
                  <Row view={view} operation={operation} />
                ))}
            </ul>
          </section>
        ))}
      </div>
      <div id="swagger" />
    </Layout>
  );
};
