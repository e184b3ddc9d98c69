/** Waiting for work no longer than a while. */

/** Undefined when it takes longer than `waitMs`; the work goes on. Rejects as the work does. */
export async function within<T>(waitMs: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, waitMs, undefined);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
