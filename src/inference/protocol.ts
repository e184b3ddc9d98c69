/** What parent and child say to each other, over Node's IPC channel with structured clones. */

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

export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'load-failed'; readonly message: string }
  | {
      readonly type: 'embedded';
      readonly vector: Float32Array;
      readonly tokens: number;
      /** CPU time that the child has used since its start, in µs. */
      readonly cpuMicros: number;
      readonly rssBytes: number;
    }
  | { readonly type: 'embed-failed'; readonly message: string };
