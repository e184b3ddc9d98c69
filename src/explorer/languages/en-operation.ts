/** The explorer in English: the machine, the API reference, problems, and what the browser's modules say. */
import type { BackfillReason } from '../../embedding/backfill/backfill-progress.ts';
import { numbersOf } from './plural.ts';

const { count, decimal, plural } = numbersOf('en');

export const enOperation = {
  machine: {
    title: 'Machine',
    isWell: 'All is well.',
    memoryShort: 'Memory is short: similarity is paused until some is free.',
    modelTrouble: (code: string) => `The model cannot be used (${code}).`,
    someFailed: (n: number) =>
      plural(n, {
        one: 'One restaurant could not be indexed.',
        other: `${count(n)} restaurants could not be indexed.`,
      }),
    backfillWaits: (reason: string) => `The backfill is paused: ${reason}.`,
    sentence: (ready: number, total: number, model: string, used: string, limit: string, cpu: string) =>
      `${count(ready)} of ${count(total)} indexed, the model is ${model}, ${used} of ${limit} memory in use, CPU ${cpu}.`,
    states: { unloaded: 'asleep', loading: 'starting', ready: 'awake' },
    memory: 'Memory',
    memoryLabel: 'Memory in use, against the limit',
    memoryParts: { service: 'service', model: 'model', other: 'other', free: 'free' },
    limit: (limit: string, source: string) => `Limit ${limit} (${source})`,
    released: 'Memory released by the model',
    model: 'Model',
    load: 'Load it',
    unload: 'Unload it',
    inferences: 'Inferences',
    waiting: 'Texts waiting',
    latency: 'Latency of single reads',
    cold: 'first reads',
    warm: 'later reads',
    median: 'median',
    slowest: '99th percentile',
    logScale: 'Every five seconds: solid the median, dashed the slowest. Logarithmic scale.',
    perSecond: 'Inferences per second',
    history: (minutes: number) =>
      `The last ${plural(minutes, { one: 'minute', other: `${count(minutes)} minutes` })}`,
    coverage: 'Catalogue',
    statuses: { ready: 'indexed', missing: 'not read yet', stale: 'text or model changed', failed: 'failed' },
    backfill: 'Backfill',
    backfillLead: 'Indexes the rest in the background, most viewed first.',
    backfillStates: {
      idle: 'not started',
      running: 'running',
      waiting: 'paused',
      stopped: 'stopped',
      finished: 'finished',
    },
    resources: { cpu: 'CPU', memory: 'memory' },
    start: 'Start',
    stop: 'Stop',
    done: (done: number, total: number) => `${count(done)} of ${count(total)}`,
    speed: (perSecond: number) => `${decimal(perSecond, 1)} texts a second`,
    left: (seconds: number) => {
      if (seconds < 60) return 'less than a minute left';
      const minutes = Math.round(seconds / 60);
      if (minutes < 90)
        return plural(minutes, { one: 'about a minute left', other: `about ${minutes} minutes left` });
      const hours = Math.round(minutes / 60);
      return plural(hours, { one: 'about an hour left', other: `about ${count(hours)} hours left` });
    },
    cpu: 'CPU',
    cpuStates: { free: 'free', tight: 'tight', throttled: 'throttled' },
    cpuFree: 'Work gets CPU time when it is ready.',
    cpuReasons: {
      tight: (percent: number, source: string) =>
        `CPU time is tight: ${source} withheld ${percent} % of the last seconds, so background work is slowed down.`,
      throttled: (percent: number, source: string) =>
        `The CPU is throttled: ${source} withheld ${percent} % of the last seconds, so background work is paused.`,
    },
    cpuSources: {
      'cgroup-v2': 'the CPU quota',
      'cgroup-v1': 'the CPU quota',
      steal: 'the hypervisor',
      none: 'the host',
    },
    cpuDenied: 'Time withheld',
    cpuCores: 'Cores in the long run',
    cpuScale: 'Below free, in the middle tight, above throttled.',
    events: 'Events',
    noEvents: 'Nothing has happened since the service started.',
    event: {
      embedded: (id: number) => `Restaurant ${id} indexed`,
      failed: (id: number, reason: string) => `Restaurant ${id} not indexed: ${reason}`,
      model: (state: string) => `Model ${state}`,
      backfill: (state: string) => `Backfill ${state}`,
    },
    failures: 'Failures',
    noFailures: 'None.',
    showFailures: 'Show them',
    retryFailures: 'Retry them',
  },
  reference: {
    title: 'API reference',
    lead: 'Every operation with a request that you can paste into a terminal.',
    document: 'OpenAPI document',
    interactive: 'Open the interactive reference',
    interactiveNote: (kilobytes: number) => `Swagger UI, ${count(kilobytes)} KB`,
    loading: 'Loading…',
    needsKey: 'needs the API key',
    filter: 'Operations',
  },
  problem: {
    backHome: 'All restaurants',
    notFoundTitle: 'There is no such page',
    notFound: (path: string) => `Nothing is served at ${path}.`,
    noRestaurantTitle: 'There is no such restaurant',
    noRestaurant: 'It may have been deleted.',
    busyTitle: 'The service is busy',
    busy: 'Too much is under way right now. Try again in a few seconds.',
    failedTitle: 'Something went wrong',
    failed: 'The request could not be answered. Try again in a moment.',
  },
  /** Why a vector does not exist yet, by the API's `reason`. */
  reasons: {
    cpu: 'the host throttles the CPU',
    'inference-failed': 'the model fails for this text',
    'in-progress': 'it is being indexed right now',
    'queue-full': 'too many texts are waiting',
    memory: 'there is not enough free memory for the model',
    overload: 'the service is busy',
    'model-missing': 'the model files are missing',
    'model-damaged': 'the model files are damaged',
    'model-load-failed': 'the model could not be loaded',
    'embedder-crashed': 'the model process crashed on this text',
    'embedder-backoff': 'the model process crashed repeatedly and is restarted in a moment',
    timeout: 'the text took too long',
    'invalid-vector': 'the model returned an invalid vector',
    'not-stored': 'the database could not store the vector',
    closing: 'the service is shutting down',
    unreadable: 'the database cannot be read',
  } satisfies Record<BackfillReason | 'in-progress' | 'overload', string>,
  /** For the modules in the browser: plain strings with `{placeholders}`. */
  browser: {
    retrying: 'Trying again…',
    unreachable: 'The service cannot be reached.',
    answered: 'The service answered {status}.',
    indexing: 'First read: being indexed…',
    inferred: 'Indexed by this read, and stored.',
    reused: 'Another restaurant has the same text: its vector was taken over.',
    stored: 'Its vector was already stored.',
    waiting: 'Waiting: {reason}.',
    failed: 'It could not be indexed: {reason}.',
    noLocation: 'Your browser did not share a location.',
    copied: 'Copied',
    took: '{status} in {ms} ms',
    badKey: 'That key was not accepted.',
    liked: '{name} added to your picks.',
    disliked: '{name} will not be recommended.',
    removed: '{name} removed from your picks.',
    undo: 'Undo',
    linkCopied: 'Link copied',
    notIndexed: 'not indexed yet',
    others: 'Other',
    allLit: 'Every restaurant is indexed.',
    lit: '{name}: indexed in {ms} ms',
    noFailures: 'None.',
    attempts: 'attempts: {n}, last reason: {reason}',
  },
};
