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

/** How long the engine must have lived for its death to be no start that failed (milliseconds). */
const settledMs = 5_000;
/** Starts that may fail one after another before we stop trying. */
const mostFailedStarts = 3;

export interface EngineHostEvents {
  /** The engine died without being asked to. `willRestart` is false where it keeps dying at its start. */
  readonly onLost: (exitCode: number, willRestart: boolean) => void;
  /** The engine ended because {@link EngineHost.endWhenIdle} asked for it. */
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

  /** Starts the engine where it is not running. */
  start(): UtilityProcess {
    if (this.#process !== null) return this.#process;
    const child = utilityProcess.fork(this.#script, [], { serviceName: 'Strata engine' });
    const startedAt = Date.now();
    this.#process = child;
    child.on('exit', (exitCode) => {
      if (this.#process === child) this.#process = null;
      if (this.#ending) {
        this.#events.onEnded();
        return;
      }
      this.#failedStarts = Date.now() - startedAt < settledMs ? this.#failedStarts + 1 : 0;
      const willRestart = this.#failedStarts < mostFailedStarts;
      if (willRestart) this.start();
      this.#events.onLost(exitCode, willRestart);
    });
    return child;
  }

  /** A new connection to the engine; the port is for the window. */
  connect(): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain();
    this.start().postMessage({ kind: 'connect' }, [port1]);
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

  /** Ends the engine now, as when the person quits; what it builds is stopped. */
  kill(): void {
    this.#ending = true;
    this.#process?.kill();
  }

  /** After {@link EngineHostEvents.onLost} without restart: the person wants another try. */
  tryAgain(): void {
    this.#failedStarts = 0;
    this.start();
  }
}
