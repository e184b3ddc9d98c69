/** One backfill for all processes that share a database: a lease says which of them runs it. */
import type { LeaseStore } from '../lease-store.ts';
import type { SettingStore } from '../setting-store.ts';
import type { Backfill, BackfillProgress } from './backfill.ts';

export interface SharedBackfillOptions {
  /** Runs it in this process. */
  readonly backfill: Backfill;
  readonly leases: LeaseStore;
  readonly settings: SettingStore;
  /** The setting that exists while a run is unfinished; its removal stops the run. */
  readonly unfinishedSetting: string;
  /** Identifies this process. */
  readonly holder: string;
  readonly onError: (error: Error) => void;
}

const LEASE = 'backfill';
const PROGRESS_SETTING = 'backfill-progress';
/** When a process dies, its run is taken over within this time plus {@link LOOK_EVERY_MS}. */
const LEASE_MS = 6_000;
const LOOK_EVERY_MS = 1_000;
/** How long `stop` waits for the process that has the run. */
const STOP_WAIT_MS = 5_000;

export function createSharedBackfill(options: SharedBackfillOptions): Backfill {
  const { backfill, leases, settings, unfinishedSetting, holder, onError } = options;
  let isHolder = false;
  /** The setting appears some time after the start. Only its removal stops the run, not its absence until then. */
  let wasUnfinished = false;
  let looking: Promise<void> = Promise.resolve();

  async function acquire(): Promise<boolean> {
    if (isHolder) return true;
    isHolder = await leases.acquire(LEASE, holder, LEASE_MS);
    wasUnfinished = false;
    return isHolder;
  }

  async function saveProgress(): Promise<void> {
    await settings.save(PROGRESS_SETTING, JSON.stringify(await backfill.progress()));
  }

  async function release(): Promise<void> {
    if (!isHolder) return;
    await saveProgress();
    isHolder = false;
    await leases.release(LEASE, holder);
  }

  /** Releases the lease when the run of this process has ended, whatever the outcome. */
  function releaseWhenDone(): void {
    backfill.whenDone().then(release).catch(onError);
  }

  async function keepLease(): Promise<void> {
    const isUnfinished = (await settings.load(unfinishedSetting)) !== undefined;
    if (!isUnfinished && wasUnfinished) await backfill.stop();
    wasUnfinished = isUnfinished;
    if (await leases.renew(LEASE, holder, LEASE_MS)) return saveProgress();
    // Another process may have taken the run over: stop here.
    if (await leases.acquire(LEASE, holder, LEASE_MS)) return undefined;
    isHolder = false;
    return backfill.close();
  }

  async function takeOver(): Promise<void> {
    if ((await settings.load(unfinishedSetting)) === undefined || !(await acquire())) return;
    await backfill.resume();
    releaseWhenDone();
  }

  const timer = setInterval(() => {
    looking = looking.then(() => (isHolder ? keepLease() : takeOver())).catch(onError);
  }, LOOK_EVERY_MS).unref();

  async function progress(): Promise<BackfillProgress> {
    const own = await backfill.progress();
    if (isHolder) return own;
    const saved = await settings.load(PROGRESS_SETTING);
    return saved === undefined ? own : (JSON.parse(saved) as BackfillProgress);
  }

  return {
    async start(request) {
      if (!(await acquire())) return progress();
      const started = await backfill.start(request);
      await saveProgress();
      releaseWhenDone();
      return started;
    },
    progress,
    async stop() {
      if (isHolder) return backfill.stop();
      await settings.save(unfinishedSetting, undefined);
      const deadline = performance.now() + STOP_WAIT_MS;
      for (;;) {
        const now = await progress();
        const isOver = now.state !== 'running' && now.state !== 'waiting';
        if (isOver || performance.now() > deadline) return now;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS / 4));
      }
    },
    async resume() {
      if (!(await acquire())) return;
      await backfill.resume();
      releaseWhenDone();
    },
    async close() {
      clearInterval(timer);
      await looking;
      await backfill.close();
      await release().catch(onError);
    },
    whenDone: () => backfill.whenDone(),
  };
}
