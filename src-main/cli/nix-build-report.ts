/** A build by Nix told to a person while it goes. */
import type { BuildLog, BuilderLine, DerivationBuild } from '../engine/types.ts';
import type { Front } from './front.ts';
import { renderBuilderLine, renderDerivation, renderGoingOn } from './render/render-nix-build.ts';

/** How often what goes on is looked at again (milliseconds). */
const TICK = 200;

/** Lines that are kept of each derivation, for the report of a failure. */
const KEPT_LINES = 25;

export class NixBuildReport {
  readonly #front: Front;
  readonly #log: 'shown' | 'hidden';
  readonly #tails = new Map<string, string[]>();
  readonly #told = new Map<string, DerivationBuild['state']>();
  #build: BuildLog | null = null;
  #seen = 0;
  #ticking: NodeJS.Timeout | null = null;

  constructor(front: Front, log: 'shown' | 'hidden') {
    this.#front = front;
    this.#log = log;
  }

  /** Says what goes on before there is a log. */
  begin(text: string): void {
    this.#front.out.status(`⋯ ${text}`);
    if (this.#front.out.isTerminal) this.#ticking = setInterval(() => this.#tick(), TICK);
  }

  readonly takeLine = ({ derivation, text }: BuilderLine): void => {
    const tail = this.#tails.get(derivation) ?? [];
    this.#tails.set(derivation, tail);
    tail.push(text);
    if (tail.length > KEPT_LINES) tail.shift();
    if (this.#log === 'hidden') return;
    // The builder's beginning is told before its lines.
    this.#tell();
    this.#front.out.line(renderBuilderLine(derivation, text, this.#front.style));
  };

  readonly take = (log: BuildLog): void => {
    this.#build = log;
    this.#tell();
  };

  /** The last lines of a derivation. */
  tail(derivation: string): readonly string[] {
    return this.#tails.get(derivation) ?? [];
  }

  /** Ends the report: nothing is drawn and no timer runs any more. */
  end(): void {
    if (this.#ticking !== null) clearInterval(this.#ticking);
    this.#ticking = null;
    this.#tell();
    this.#front.out.status(null);
    this.#front.out.flush();
  }

  #tell(): void {
    const { out, style } = this.#front;
    const { version, derivations } = this.#build?.since(this.#seen) ?? {
      version: 0,
      derivations: [],
    };
    this.#seen = version;
    for (const build of derivations) {
      if (this.#told.get(build.derivation) === build.state) continue;
      this.#told.set(build.derivation, build.state);
      const line = renderDerivation(build, style);
      if (line !== null) out.line(line);
    }
  }

  #tick(): void {
    if (this.#build === null) return;
    const { derivations, transfers } = this.#build;
    const text = renderGoingOn(derivations, transfers, Date.now());
    if (text !== '') this.#front.out.status(text);
  }
}
