/** A build by Nix as JSON, one event a line. */
import { performance } from 'node:perf_hooks';
import type { BuildLog, NixBuildHooks, NixBuildResult, PausedBuild } from '../engine/types.ts';
import { quoteForShell } from '../host/shell-word.ts';
import { jsonText } from './terminal/json-text.ts';
import type { Screen } from './terminal/screen.ts';

export class NixBuildEvents {
  readonly #out: Screen;
  readonly #log: 'shown' | 'hidden';
  /** What was told of each derivation, less the number of its lines. */
  readonly #told = new Map<string, string>();
  #seen = 0;

  constructor(out: Screen, log: 'shown' | 'hidden') {
    this.#out = out;
    this.#log = log;
  }

  /** Carries a build out, and prints what happens in it. */
  async follow(
    build: (hooks: Omit<NixBuildHooks, 'signal' | 'onPaused'>) => Promise<NixBuildResult>,
  ): Promise<NixBuildResult> {
    const result = await build({
      sink: ({ derivation, phase, text: line }) => {
        if (this.#log === 'shown') this.#print({ event: 'log', derivation, phase, line });
      },
      onChange: (log) => this.#take(log),
      onEvaluated: (derivation, plain) => this.#print({ event: 'evaluated', derivation, plain }),
      onNote: (text) => this.#print({ event: 'note', text }),
      onAgain: () => {
        this.#told.clear();
        this.#seen = 0;
        this.#print({ event: 'again' });
      },
    });
    const { status, outputs, log } = result;
    this.#print({
      event: 'finished',
      status,
      outputs,
      failed: log.failed.map(({ derivation }) => derivation),
      errors: log.errors,
      kept: log.keptDirectories,
      ms: Math.round(performance.now()),
    });
    return result;
  }

  /** A build waits at its failure. */
  takePaused({ name, phase, exitCode, directory, openShell, hindrance }: PausedBuild): void {
    const enter = openShell === null ? null : openShell.map(quoteForShell).join(' ');
    this.#print({ event: 'paused', name, phase, exitCode, directory, enter, hindrance });
  }

  /** Lines and bytes alone are no news here. */
  #take(log: BuildLog): void {
    const { version, derivations, transfers } = log.since(this.#seen);
    this.#seen = version;
    for (const { lines, ...build } of derivations) {
      const text = JSON.stringify(build);
      if (this.#told.get(build.derivation) === text) continue;
      this.#told.set(build.derivation, text);
      this.#print({ event: 'derivation', ...build, lines });
    }
    for (const transfer of transfers) {
      const { path, state } = transfer;
      if (this.#told.get(path) === state) continue;
      this.#told.set(path, state);
      this.#print({ event: 'transfer', ...transfer });
    }
  }

  #print(event: object): void {
    this.#out.line(jsonText(event));
  }
}
