/** What a builder of Nix's has printed. The build's own stream tells how long it is; its lines are read here. */
import type { DerivationBuildView } from '../../src-main/protocol/methods.ts';
import { callEngine } from '../connection/connection.ts';
import { LogDocument, type FoundLines, type LogLine, type LogPhase } from '../log/log-document.ts';
import type { LogQuery } from '../log/log-query.ts';

export class BuilderLog extends LogDocument {
  /** The build's id in the engine. */
  readonly #build: string;
  readonly #derivation: string;
  /** How the derivation stands; null until it is told. */
  #shown: DerivationBuildView | null = null;
  #signal: AbortSignal | null = null;
  #catchingUp = false;

  constructor(build: string, derivation: string) {
    super();
    this.#build = build;
    this.#derivation = derivation;
  }

  /** Tells how the derivation stands now. */
  update(shown: DerivationBuildView): void {
    this.#shown = shown;
    this.#catchUp();
  }

  /** Before the first phase, and without any, a line counts from the beginning. */
  override phaseOf(line: number): LogPhase {
    return super.phaseOf(line) ?? { name: '', line: 0 };
  }

  override async search(query: LogQuery, limit: number, signal: AbortSignal): Promise<FoundLines> {
    const { text, regex, caseSensitive } = query;
    const place = { build: this.#build, derivation: this.#derivation };
    return callEngine(
      'nixBuildSearch',
      { ...place, query: text, regex, caseSensitive, limit },
      signal,
    );
  }

  protected override async ask(
    from: number,
    count: number,
    signal: AbortSignal,
  ): Promise<readonly LogLine[]> {
    const place = { build: this.#build, derivation: this.#derivation };
    return callEngine('nixBuildLines', { ...place, from, count }, signal);
  }

  protected override follow(signal: AbortSignal): void {
    this.#signal = signal;
    this.#catchingUp = false;
    this.#catchUp();
  }

  #catchUp(): void {
    if (this.#catchingUp || this.#signal === null || this.#shown === null) return;
    this.#catchingUp = true;
    void this.#takeLatest(this.#shown, this.#signal);
  }

  async #takeLatest(shown: DerivationBuildView, signal: AbortSignal): Promise<void> {
    const { lines, phases } = shown;
    await this.take({ lines, phases, marks: [] }, signal);
    if (signal.aborted) return;
    this.#catchingUp = false;
    if (this.#shown !== shown) this.#catchUp();
  }
}
