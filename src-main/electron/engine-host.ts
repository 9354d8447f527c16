/**
 * The engine's process, watched over: started, connected to the window through a port of its own, and started again where it
 * died. Committed work is on the disk; what a build was at is lost with its process and swept at the next start.
 */
import {
  MessageChannelMain,
  utilityProcess,
  type MessagePortMain,
  type UtilityProcess,
} from 'electron';
import { LastWords } from './last-words.ts';

/** How long the engine must have lived for its death to be no start that failed (milliseconds). */
const settledMs = 5_000;
/** Starts that may fail one after another before we stop trying. */
const mostFailedStarts = 3;
/** How long an engine that is to end may stop its builds and shells (milliseconds). */
const closingMs = 5_000;

/** How the engine died without being asked to. */
export interface EngineDeath {
  readonly exitCode: number;
  /** False where it keeps dying at its start: then there is no engine before {@link EngineHost.tryAgain}. */
  readonly willRestart: boolean;
  /** The end of what it printed on standard error. */
  readonly lastWords: Promise<string>;
}

export interface EngineHostEvents {
  readonly onLost: (death: EngineDeath) => void;
  /** The engine ended because {@link EngineHost.endWhenIdle} or {@link EngineHost.end} asked for it. */
  readonly onEnded: () => void;
}

export class EngineHost {
  readonly #script: string;
  readonly #events: EngineHostEvents;
  #process: UtilityProcess | null = null;
  #ending = false;
  #failedStarts = 0;

  /** @param script the bundled engine-process. */
  constructor(script: string, events: EngineHostEvents) {
    this.#script = script;
    this.#events = events;
  }

  /** Starts the engine where it is not running. Null where it was given up. */
  start(): UtilityProcess | null {
    if (this.#process !== null) return this.#process;
    if (this.#failedStarts >= mostFailedStarts) return null;
    const child = utilityProcess.fork(this.#script, [], {
      serviceName: 'Strata engine',
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    const startedAt = Date.now();
    this.#process = child;
    const words =
      child.stderr === null
        ? null
        : new LastWords(child.stderr, (chunk) => process.stderr.write(chunk));
    // Its exit follows. Unheard, the event would be an exception in main.
    child.on('error', (type, location) => words?.add(`\n${type} in ${location}\n`));
    child.on('exit', (exitCode) => {
      if (this.#process === child) this.#process = null;
      if (this.#ending) {
        this.#events.onEnded();
        return;
      }
      this.#failedStarts = Date.now() - startedAt < settledMs ? this.#failedStarts + 1 : 0;
      const lastWords = words?.afterExit() ?? Promise.resolve('');
      const willRestart = this.start() !== null;
      this.#events.onLost({ exitCode, willRestart, lastWords });
    });
    return child;
  }

  /** A new connection to the engine; the port is for the window. Null where the engine was given up. */
  connect(): MessagePortMain | null {
    const child = this.start();
    if (child === null) return null;
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage({ kind: 'connect' }, [port1]);
    return port2;
  }

  /** Lets the engine finish what it builds and end then; {@link stay} takes it back. */
  endWhenIdle(): void {
    this.#ending = true;
    if (this.#process === null) this.#events.onEnded();
    else this.#process.postMessage({ kind: 'end-when-idle' });
  }

  stay(): void {
    this.#ending = false;
    this.#process?.postMessage({ kind: 'stay' });
  }

  /**
   * Ends the engine, as when the person quits: what it builds is stopped, shells are discarded. False where none runs, else
   * {@link EngineHostEvents.onEnded} follows, within seconds.
   */
  end(): boolean {
    const child = this.#process;
    if (child === null) return false;
    this.#ending = true;
    child.postMessage({ kind: 'end' });
    const timer = setTimeout(() => child.kill(), closingMs);
    child.once('exit', () => clearTimeout(timer));
    return true;
  }

  /** After a death without restart: the person wants another try. */
  tryAgain(): void {
    this.#failedStarts = 0;
    this.start();
  }
}
