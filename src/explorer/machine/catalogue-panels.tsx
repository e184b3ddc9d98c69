/** The catalogue's counts, the backfill, failures and recent events. */
import type { BackfillProgress } from '../../embedding/backfill/backfill-progress.ts';
import { reasonInWords, type Words } from '../languages/words.ts';
import type { MachineState } from './machine-state.ts';
import { Switch } from './model-panel.tsx';

const statuses = ['ready', 'missing', 'stale', 'failed'] as const;

export const CoveragePanel = ({ words, state }: { words: Words; state: MachineState }) => {
  const { machine, count } = words;
  const { counts } = state;
  return (
    <section class="panel" aria-labelledby="coverage-title">
      <h2 id="coverage-title">{machine.coverage}</h2>
      <progress max={Math.max(1, counts.total)} value={counts.ready} aria-label={words.list.coverageLabel} />
      <dl>
        {statuses.map((status) => (
          <>
            <dt>{machine.statuses[status]}</dt>
            <dd data-count={status}>{count(counts[status])}</dd>
          </>
        ))}
      </dl>
      {counts.failed > 0 && (
        <p class="actions start">
          <button type="button" class="needs-script" id="show-failures">
            {machine.showFailures}
          </button>
          <Switch name={machine.retryFailures} send="POST /embeddings/failures/retry" isOff={false} />
        </p>
      )}
    </section>
  );
};

/** `paused (CPU)`, `paused (memory)`; other reasons are in the sentence below. */
function stateOf({ machine }: Words, { state, reason }: BackfillProgress): string {
  const name = machine.backfillStates[state];
  if (state !== 'waiting' || (reason !== 'cpu' && reason !== 'memory')) return name;
  return `${name} (${machine.resources[reason]})`;
}

export const BackfillPanel = ({ words, state: { backfill } }: { words: Words; state: MachineState }) => {
  const { machine } = words;
  const { state, reason, done, total, textsPerSecond, estimatedSecondsLeft } = backfill;
  const isOn = state === 'running' || state === 'waiting';
  return (
    <section class="panel" aria-labelledby="backfill-title">
      <h2 id="backfill-title">
        {machine.backfill} <span class={`state ${state}`}>{stateOf(words, backfill)}</span>
      </h2>
      <p class="note">
        {reason ? machine.backfillWaits(reasonInWords(words, reason)) : machine.backfillLead}
      </p>
      <progress max={Math.max(1, total)} value={done} aria-label={machine.backfill} />
      <p>
        {machine.done(done, total)}
        {isOn && textsPerSecond > 0 && ` · ${machine.speed(textsPerSecond)}`}
        {isOn && estimatedSecondsLeft !== null && ` · ${machine.left(estimatedSecondsLeft)}`}
      </p>
      <p class="actions start">
        <Switch name={machine.start} send="POST /embeddings/backfill" isOff={isOn} />
        <Switch name={machine.stop} send="DELETE /embeddings/backfill" isOff={!isOn} />
      </p>
    </section>
  );
};

const named = (names: Readonly<Record<string, string>>, state: unknown) =>
  names[String(state)] ?? String(state);

function tell(words: Words, { type, data }: MachineState['events'][number]): string {
  const { event, states, backfillStates } = words.machine;
  const id = Number(data['restaurantId']);
  const tellers: Record<typeof type, () => string> = {
    embedded: () => event.embedded(id),
    failed: () => event.failed(id, reasonInWords(words, String(data['reason']))),
    model: () => event.model(named(states, data['state'])),
    backfill: () => event.backfill(named(backfillStates, data['state'])),
  };
  return tellers[type]();
}

export const EventsPanel = ({ words, state: { events } }: { words: Words; state: MachineState }) => {
  const { machine } = words;
  const time = new Intl.DateTimeFormat(words.locale, { timeStyle: 'medium', timeZone: 'UTC' });
  return (
    <section class="panel" aria-labelledby="events-title">
      <h2 id="events-title">{machine.events}</h2>
      {events.length === 0 && <p class="note">{machine.noEvents}</p>}
      <ol class="events">
        {events.map((event) => (
          <li>
            <time datetime={new Date(event.at).toISOString()}>{time.format(event.at)}</time>{' '}
            {tell(words, event)}
          </li>
        ))}
      </ol>
      {events.length > 0 && <p class="note">{machine.timesInUtc}</p>}
    </section>
  );
};
