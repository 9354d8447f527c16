/** The phases in what one builder prints: where each begins, by line and by time. */

export interface LoggedPhase {
  readonly name: string;
  /** The number of its first line, from 0. */
  readonly line: number;
  /** Milliseconds since 1970; null in a log without times. */
  readonly startedAt: number | null;
  /** Null while it goes on, and in a log without times. */
  readonly endedAt: number | null;
}

/** What nixpkgs' `showPhaseHeader` printed until 2023. Such lines may also be anybody's, and count as a whole only. */
const OLD_HEADS: ReadonlyMap<string, string> = new Map([
  ['unpacking sources', 'unpackPhase'],
  ['patching sources', 'patchPhase'],
  [
    'updating Autotools / GNU config script to a newer upstream version',
    'updateAutotoolsGnuConfigScriptsPhase',
  ],
  ['configuring', 'configurePhase'],
  ['building', 'buildPhase'],
  ['running tests', 'checkPhase'],
  ['installing', 'installPhase'],
  ['post-installation fixup', 'fixupPhase'],
  ['running install tests', 'installCheckPhase'],
]);

const HEAD = 'Running phase: ';

/** Longest head that is looked at: the other lines are passed over quickly. */
const LONGEST_HEAD = 100;

/** A builder can name a phase in every line; nobody reads so many. */
const MOST_PHASES = 1000;

export class LoggedPhases {
  #phases: readonly LoggedPhase[] = [];
  /** Whether the builder names its phases as nixpkgs does today: then no old head is one. */
  #isNamed = false;

  get all(): readonly LoggedPhase[] {
    return this.#phases;
  }

  get current(): string | null {
    return this.#phases.at(-1)?.name ?? null;
  }

  /** Takes a line that was printed. @param number its own, from 0. Whether a phase begins with it. */
  takeLine(text: string, number: number, at: number | null): boolean {
    if (text.length > LONGEST_HEAD) return false;
    if (text.startsWith(HEAD)) {
      this.#isNamed = true;
      return this.#begin(text.slice(HEAD.length).trimEnd(), number, at);
    }
    const old = this.#isNamed ? undefined : OLD_HEADS.get(text);
    return old !== undefined && this.#begin(old, number, at);
  }

  /** Takes what the builder told Nix (`setPhase` on `NIX_LOG_FD`). nixpkgs prints the head a moment before or after. */
  takeName(name: string, nextLine: number, at: number | null): boolean {
    this.#isNamed = true;
    return this.#begin(name, nextLine, at);
  }

  /** Nothing more comes of the current phase. */
  end(at: number | null): void {
    if (at === null) return;
    const last = this.#phases.at(-1);
    if (last?.endedAt !== null) return;
    this.#phases = [...this.#phases.slice(0, -1), { ...last, endedAt: at }];
  }

  #begin(name: string, line: number, at: number | null): boolean {
    const last = this.#phases.at(-1);
    if (name === '' || (last?.name === name && last.endedAt === null)) return false;
    if (this.#phases.length >= MOST_PHASES) return false;
    this.end(at);
    this.#phases = [...this.#phases, { name, line, startedAt: at, endedAt: null }];
    return true;
  }
}
