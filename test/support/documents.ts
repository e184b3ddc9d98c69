/** The shell blocks of a document. */

export interface ShellBlock {
  readonly script: string;
  /** False for `sh check`: the block needs Fly, ssh, Docker or a long time, and only its syntax is checked. */
  readonly isRun: boolean;
}

export function readShellBlocks(document: string): ShellBlock[] {
  return [...document.matchAll(/^```sh( check)?\n([^]*?)^```$/gm)].map(([, mark, script = '']) => ({
    script,
    isRun: mark === undefined,
  }));
}
