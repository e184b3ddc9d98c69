/** What to do with a catalogue that has no restaurants yet. */
import type { View } from '../view.ts';

const Command = ({ view: { words }, name, command }: { view: View; name: string; command: string }) => (
  <section class="panel">
    <h2>{name}</h2>
    <div class="command">
      <code tabindex={0}>{command}</code>
      <button type="button" class="needs-script" data-copy={command}>
        {words.drawer.copy}
      </button>
    </div>
  </section>
);

export const EmptyCatalogue = ({ view }: { view: View }) => {
  const { empty } = view.words;
  return (
    <>
      <h2>{empty.title}</h2>
      <p class="lead">{empty.lead}</p>
      <Command
        view={view}
        name={empty.import}
        command={`curl -X POST ${view.origin}/restaurants/import -H 'Content-Type: application/x-ndjson' --data-binary @restaurants.ndjson`}
      />
      <Command
        view={view}
        name={empty.sample}
        command={`curl -X POST ${view.origin}/restaurants/import -H 'Content-Type: application/x-ndjson' --data-binary @data/restaurants.ndjson`}
      />
    </>
  );
};
