/** Publishes embeddings and changes of the model process as events of GET /events. */
import type { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { EmbedOutcome } from '../embedding/embed-on-demand.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { EventHub, NewEvent } from '../http/routes/event-hub.ts';
import type { ProcessEvent } from '../inference/process-supervisor.ts';
import type { VectorMap } from '../search/vector-map.ts';

export type OutcomeEvents = EventEmitter<{
  outcome: [{ readonly restaurantId: number; readonly outcome: EmbedOutcome }];
}>;

/** A listener of outcomes. */
export function publishOutcomes(
  events: Pick<EventHub, 'publish'>,
  map: Pick<VectorMap, 'position'>,
  currentModel: CurrentModel,
  log: Logger,
) {
  return ({ restaurantId, outcome }: { restaurantId: number; outcome: EmbedOutcome }): void => {
    embeddingEvent(restaurantId, outcome, map, currentModel.version()).then(
      (event) => event && events.publish(event),
      (err: unknown) => log.error({ err }, 'an event could not be published'),
    );
  };
}

/** A listener of the model process. */
export function publishModelEvents(events: Pick<EventHub, 'publish'>) {
  return (event: ProcessEvent): void => {
    const published = modelEvent(event);
    if (published) events.publish(published);
  };
}

/** Undefined for rows that are still pending or that were deleted. */
async function embeddingEvent(
  restaurantId: number,
  outcome: EmbedOutcome,
  map: Pick<VectorMap, 'position'>,
  modelVersion: StoredModelVersion | undefined,
): Promise<NewEvent | undefined> {
  if (outcome.status === 'ready' && outcome.origin !== 'stored') {
    return {
      type: 'embedded',
      data: { restaurantId, origin: outcome.origin, ...(await map.position(restaurantId, modelVersion)) },
    };
  }
  if (outcome.status === 'failed') return { type: 'failed', data: { restaurantId, reason: outcome.reason } };
  return undefined;
}

type StateEvent = Exclude<ProcessEvent, { type: 'output' }>;

const stateAfter: Record<StateEvent['type'], string> = {
  starting: 'loading',
  ready: 'ready',
  'start-failed': 'unloaded',
  crashed: 'unloaded',
  ended: 'unloaded',
};

/** Undefined for a line of output, which is only logged. */
function modelEvent(event: ProcessEvent): NewEvent | undefined {
  if (event.type === 'output') return undefined;
  return {
    type: 'model',
    data: {
      state: stateAfter[event.type],
      ...('bytesReturned' in event && { bytesReturned: event.bytesReturned }),
      ...('error' in event && { error: event.error.code }),
    },
  };
}
