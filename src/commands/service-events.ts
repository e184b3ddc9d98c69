/** What happens in the rooms, as listeners of /events are told. */
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { EmbedOutcome } from '../embedding/embed-on-demand.ts';
import type { NewEvent } from '../http/routes/event-hub.ts';
import type { ProcessEvent } from '../inference/process-supervisor.ts';
import type { VectorMap } from '../search/vector-map.ts';

/** Undefined for what is no news: a row that is still waiting, or gone. */
export async function embeddingEvent(
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

/** Undefined for a line of output, which belongs to the log. */
export function modelEvent(event: ProcessEvent): NewEvent | undefined {
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
