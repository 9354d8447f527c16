/** What the readers of sysdig's text and of its JSON share: a line is an event, or is counted as not understood. */
import { LineSplitter } from './line-splitter.ts';
import type { TraceReader } from './model.ts';
import type { SyscallRecorder } from './recorder.ts';
import { SysdigEvents } from './sysdig-events.ts';

export abstract class SysdigReader implements TraceReader {
  protected readonly recorder: SyscallRecorder;
  protected readonly events: SysdigEvents;
  readonly #lines = new LineSplitter((text, start, end, whole) => {
    const line = text.slice(start, end);
    if (!whole || !this.line(line)) this.recorder.unread.add(line);
  });

  /** @param from `sandbox` where what enters it is left out */
  constructor(recorder: SyscallRecorder, from: 'start' | 'sandbox' = 'start') {
    this.recorder = recorder;
    this.events = new SysdigEvents(recorder, from);
  }

  write(chunk: Buffer): void {
    this.#lines.write(chunk);
  }

  end(): void {
    this.#lines.end();
  }

  /** Whether a process in a sandbox was met, where only such are read. */
  get hasEntered(): boolean {
    return this.events.hasEntered;
  }

  /** Takes a line (Latin-1) and gives whether it is understood. */
  protected abstract line(raw: string): boolean;
}
