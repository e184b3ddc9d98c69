/** Limits how much of a resource each client may hold. */

export interface ClientShares {
  /** Takes `amount` for a client; undefined if that exceeds its share. The returned function releases it, once. */
  take(client: string, amount?: number): (() => void) | undefined;
}

/** `share` is the maximum for one client. Clients that hold nothing take no memory. */
export function createClientShares(share: number): ClientShares {
  const held = new Map<string, number>();

  function release(client: string, amount: number): void {
    const left = (held.get(client) ?? 0) - amount;
    if (left > 0) held.set(client, left);
    else held.delete(client);
  }

  return {
    take(client, amount = 1) {
      const total = (held.get(client) ?? 0) + amount;
      if (total > share) return undefined;
      held.set(client, total);
      let isHeld = true;
      return () => {
        if (isHeld) release(client, amount);
        isHeld = false;
      };
    },
  };
}
