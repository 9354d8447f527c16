/** A build by Nix told to a person while it goes. */
import type { BuildLog, BuilderLine, DerivationBuild } from '../engine/types.ts';
import type { Front } from './front.ts';
import { renderBuilderLine, renderDerivation, renderGoingOn } from './render/render-nix-build.ts';

/** How often what goes on is looked at again (milliseconds). */
const TICK = 200;

/** A build that stopped was good unless Nix says otherwise in a moment (milliseconds). */
const DOUBT = 150;

/** Lines that are kept of each derivation, for the report of a failure. */
const KEPT_LINES = 25;

export class NixBuildReport {
  readonly #front: Front;
  readonly #log: 'shown' | 'hidden';
  readonly #tails = new Map<string, string[]>();
  readonly #told = new Map<string, DerivationBuild['state']>();
  /** Those that seem to be good, by their path. */
  readonly #doubted = new Map<string, DerivationBuild>();
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
    this.#ticking ??= setInterval(() => this.#tick(), TICK);
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

  /** All begins anew, with a log of its own. */
  restart(): void {
    this.#tails.clear();
    this.#told.clear();
    this.#doubted.clear();
    this.#build = null;
    this.#seen = 0;
    this.begin('building again');
  }

  /** The last lines of a derivation. */
  tail(derivation: string): readonly string[] {
    return this.#tails.get(derivation) ?? [];
  }

  /** Nothing is drawn and no timer runs any more, unless all begins anew. */
  end(): void {
    if (this.#ticking !== null) clearInterval(this.#ticking);
    this.#ticking = null;
    this.#tell(Infinity);
    this.#front.out.status(null);
    this.#front.out.flush();
  }

  /** @param now milliseconds since 1970 */
  #tell(now = Date.now()): void {
    const { version, derivations } = this.#build?.since(this.#seen) ?? NO_NEWS;
    this.#seen = version;
    for (const build of derivations) {
      this.#doubted.delete(build.derivation);
      // Nix says that a build failed before it begins another.
      const begins = build.state === 'building' && this.#told.get(build.derivation) !== 'building';
      if (begins) this.#tellDoubted(Infinity);
      if (build.state === 'built') this.#doubted.set(build.derivation, build);
      else this.#tellOf(build);
    }
    this.#tellDoubted(now);
  }

  #tellDoubted(now: number): void {
    for (const build of this.#doubted.values()) {
      if (now - (build.endedAt ?? 0) < DOUBT) continue;
      this.#doubted.delete(build.derivation);
      this.#tellOf(build);
    }
  }

  #tellOf(build: DerivationBuild): void {
    const { out, style } = this.#front;
    if (this.#told.get(build.derivation) === build.state) return;
    this.#told.set(build.derivation, build.state);
    const line = renderDerivation(build, style);
    if (line !== null) out.line(line);
  }

  #tick(): void {
    if (this.#build === null) return;
    this.#tell();
    const { derivations, transfers } = this.#build;
    const text = renderGoingOn(derivations, transfers, Date.now());
    if (text !== '') this.#front.out.status(text);
  }
}

const NO_NEWS = { version: 0, derivations: [] };
