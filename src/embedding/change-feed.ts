/** The port through which processes that share a database tell one another what happened. */

export interface ServiceEvent {
  /** Ascending in the order of publication, also over a restart. */
  readonly id: number;
  readonly type: 'embedded' | 'failed' | 'model' | 'backfill';
  /** JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ChangeFeed {
  /** Delivers the event to the subscribers of every process, this one included; resolves once it is stored. */
  publish(event: Pick<ServiceEvent, 'type' | 'data'>): Promise<void>;
  /** Calls `listener` for each event published from now on. Resolves to a function that ends the subscription. */
  subscribe(listener: (event: ServiceEvent) => void): Promise<() => Promise<void>>;
  /** The retained events after this id, oldest first. */
  listAfter(id: number): Promise<ServiceEvent[]>;
}
