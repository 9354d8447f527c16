/** `strata nix-log`: the log of an old build as phases, or what a recorded build by Nix came to. */
import type { BuildLog, BuilderLine, NixLog } from '../../engine/types.ts';
import { StrataError } from '../../protocol/errors.ts';
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { derivationName } from '../render/render-heading.ts';
import { renderBuilds, renderNixFailure } from '../render/render-nix-build.ts';
import { renderLogLine, renderPhaseStart } from '../render/render-phase.ts';
import { jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface NixLogView {
  /** A `.drv`, a path in the store, or a file. */
  readonly words: string;
  /** Only this phase; null for all. */
  readonly phase: string | null;
  /** Of a recorded build, the derivation whose lines are printed; null for what all came to. */
  readonly derivation: string | null;
  readonly format: 'text' | 'json';
}

/** Lines that are kept of each derivation. */
const KEPT_LINES = 25;

export async function nixLog(front: Front, view: NixLogView): Promise<ExitStatus> {
  const { signal } = Interruption.listen();
  await withEngine(async (engine) => {
    const { kind, read } = await engine.nixLog(view.words);
    const printer = new Printer(front, view, kind);
    printer.end(await read(printer.take, signal));
  });
  return 0;
}

class Printer {
  readonly #front: Front;
  readonly #view: NixLogView;
  readonly #kind: NixLog['kind'];
  readonly #tails = new Map<string, string[]>();
  #phase: string | null = null;
  #printed = 0;

  constructor(front: Front, view: NixLogView, kind: NixLog['kind']) {
    this.#front = front;
    this.#view = view;
    this.#kind = kind;
  }

  readonly take = (line: BuilderLine): void => {
    const { format } = this.#view;
    const { out, style } = this.#front;
    if (format === 'text' && this.#isWanted(line)) {
      if (line.phase !== null && line.phase !== this.#phase) {
        out.line(renderPhaseStart(line.phase, style));
      }
      this.#phase = line.phase;
      this.#printed += 1;
      out.line(renderLogLine(line.text, style));
      return;
    }
    const tail = this.#tails.get(line.derivation) ?? [];
    this.#tails.set(line.derivation, tail);
    tail.push(line.text);
    // Not at each line: taking the first away moves the others.
    if (tail.length > 8 * KEPT_LINES) tail.splice(0, tail.length - KEPT_LINES);
  };

  end(log: BuildLog): void {
    const { out, style, strata } = this.#front;
    const { format, derivation, phase } = this.#view;
    if (format === 'json') {
      const { derivations, transfers, errors, messages } = log;
      out.line(jsonText({ derivations, transfers, errors, messages }));
      return;
    }
    if (this.#printed > 0) return;
    if (derivation !== null || phase !== null) throw nothing(this.#view, log);
    out.lines(renderBuilds(log, style));
    const reports = log.failed.map((build) => ({
      build,
      tail: (this.#tails.get(build.derivation) ?? []).slice(-KEPT_LINES),
      neededBy: [],
      plain: build.derivation,
      relaxed: null,
    }));
    if (reports.length > 0) out.lines(['', ...renderNixFailure(reports, strata, style)]);
  }

  /** Of a whole build the lines are printed that somebody asks for: those of all its builders are mixed. */
  #isWanted({ derivation, phase }: BuilderLine): boolean {
    const wanted = this.#view;
    if (wanted.phase !== null && wanted.phase !== phase) return false;
    if (wanted.derivation === null) return this.#kind === 'builder';
    return derivation === wanted.derivation || derivationName(derivation) === wanted.derivation;
  }
}

function nothing({ words, phase, derivation }: NixLogView, { derivations }: BuildLog): StrataError {
  const [only] = derivations;
  const names =
    derivation === null && derivations.length === 1
      ? (only?.phases ?? []).map(({ name }) => name)
      : derivations.slice(0, 20).map((build) => derivationName(build.derivation));
  return new StrataError({
    code: 'not-found',
    operation: `reading the log ${words}`,
    reason: `it has no line of ${[derivation, phase].filter((part) => part !== null).join(', ')}`,
    advice: names.length === 0 ? 'name no phase' : `it has ${names.join(', ')}`,
  });
}
