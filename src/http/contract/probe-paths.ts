/** Health checks: they are not counted by the rate limit, and never wait. */
export const probePaths: ReadonlySet<string> = new Set(['/healthz', '/readyz']);
