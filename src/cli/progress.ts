import { Presets, SingleBar } from 'cli-progress';
import { formatCount, printNote } from './output.ts';

/** How far a long command is. */
export interface Progress {
  /** `done` of `total`, in the unit that the progress was made with. */
  update(done: number): void;
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

/** A bar on a terminal, otherwise a plain line every few seconds and one at the end; both on stderr. */
export function startProgress(label: string, total: number): Progress {
  return process.stderr.isTTY ? progressBar(label, total) : progressLines(label, total);
}

function progressBar(label: string, total: number): Progress {
  const format = `${label} {bar} {percentage}% · {value}/{total} · {eta_formatted} left`;
  const bar = new SingleBar(
    { format, stream: process.stderr, hideCursor: true },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

function progressLines(label: string, total: number): Progress {
  let lastAt = Date.now();
  let latest = 0;
  const print = (): void => printNote(`${label}: ${formatCount(latest)} of ${formatCount(total)}`);
  return {
    update: (done) => {
      latest = done;
      if (Date.now() - lastAt < LINE_EVERY_MS) return;
      lastAt = Date.now();
      print();
    },
    stop: print,
  };
}
