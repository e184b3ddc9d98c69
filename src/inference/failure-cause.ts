/** Distinguishes failures of one text, failures of the model, and lack of memory. */
import type { FailureCause } from './protocol.ts';

/** Messages of ONNX Runtime, libstdc++ and V8 when an allocation fails. */
const OUT_OF_MEMORY =
  /bad[_ ]alloc|failed to allocate|cannot allocate|allocation failed|out of memory|ENOMEM/i;

/**
 * ONNX Runtime's error codes do not tell a bad input from a broken graph, so a text is blamed only when `probe`, an
 * input known to be good, still succeeds after it.
 */
export async function findFailureCause(
  message: string,
  probe: () => Promise<unknown>,
): Promise<FailureCause> {
  if (OUT_OF_MEMORY.test(message)) return 'memory';
  try {
    await probe();
    return 'text';
  } catch (error) {
    return OUT_OF_MEMORY.test((error as Error).message) ? 'memory' : 'model';
  }
}
