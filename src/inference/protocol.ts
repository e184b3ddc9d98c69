/** Messages between the service and the model process, over Node's IPC channel with structured clones. */

export interface StartMessage {
  readonly type: 'start';
  readonly graphPath: string;
  readonly tokenizerPath: string;
  readonly tokenizerConfigPath: string;
  readonly maxTokens: number;
}

export interface EmbedMessage {
  readonly type: 'embed';
  readonly text: string;
}

export type ToChild = StartMessage | EmbedMessage;

/**
 * The cause of a failure:
 * - `memory`: an allocation failed; the same text can succeed later.
 * - `model`: the model fails for every text.
 * - `text`: the model fails for this text and works for another one.
 */
export type FailureCause = 'memory' | 'model' | 'text';

export type FromChild =
  /** `vector` is that of the empty text: it shows that the model runs. */
  | { readonly type: 'ready'; readonly vector: Float32Array }
  | {
      readonly type: 'embedded';
      readonly vector: Float32Array;
      /** CPU time that the child has used since its start, in µs. */
      readonly cpuMicros: number;
      /** 0 on Linux. */
      readonly rssBytes: number;
    }
  | { readonly type: 'failed'; readonly cause: FailureCause; readonly message: string };
