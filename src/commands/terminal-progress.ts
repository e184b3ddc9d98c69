/** Progress of a command: a bar on a terminal, a line now and then otherwise. */
import cliProgress from 'cli-progress';

export interface TerminalProgress {
  /** `remark` is shown after the numbers. */
  update(done: number, total: number, remark?: string): void;
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

/** Writes to standard error, so that standard output can be piped. */
export function createTerminalProgress(what: string, output = process.stderr): TerminalProgress {
  return output.isTTY ? bar(what, output) : lines(what, output);
}

function bar(what: string, stream: NodeJS.WriteStream): TerminalProgress {
  const own = new cliProgress.SingleBar({
    stream,
    format: `${what} {bar} {percentage}% · {value} of {total} {remark}`,
    hideCursor: true,
  });
  let isStarted = false;
  return {
    update(done, total, remark = '') {
      if (!isStarted) own.start(total, done, { remark });
      isStarted = true;
      own.setTotal(total);
      own.update(done, { remark });
    },
    stop: () => own.stop(),
  };
}

function lines(what: string, stream: NodeJS.WriteStream): TerminalProgress {
  let nextAt = Date.now() + LINE_EVERY_MS;
  return {
    update(done, total, remark = '') {
      if (Date.now() < nextAt) return;
      nextAt = Date.now() + LINE_EVERY_MS;
      stream.write(`${what}: ${done} of ${total} ${remark}`.trimEnd());
      stream.write('\n');
    },
    stop: () => {},
  };
}
