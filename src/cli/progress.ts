import type { Terminal } from './terminal.ts';

/** Shows how far long work is: a bar on a terminal, nothing elsewhere. */
export interface Progress {
  update(done: number): void;
  stop(): void;
}

/** `unit` is a plural noun: `bytes`, `messages`. Draws on standard error, so that results can be piped. */
export async function startProgress(
  title: string,
  total: number,
  unit: string,
  terminal: Terminal,
): Promise<Progress> {
  if (!terminal.showsProgress || total <= 0) return { update: () => {}, stop: () => {} };
  const { SingleBar, Presets } = (await import('cli-progress')).default;
  const bar = new SingleBar(
    {
      format: `${title} {bar} {percentage}% · {value}/{total} ${unit} · {eta_formatted} left`,
      hideCursor: true,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { update: (done) => bar.update(Math.min(done, total)), stop: () => bar.stop() };
}
