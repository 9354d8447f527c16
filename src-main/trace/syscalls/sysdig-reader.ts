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

  constructor(recorder: SyscallRecorder) {
    this.recorder = recorder;
    this.events = new SysdigEvents(recorder);
  }

  write(chunk: Buffer): void {
    this.#lines.write(chunk);
  }

  end(): void {
    this.#lines.end();
  }

  /** Takes a line (Latin-1) and gives whether it is understood. */
  protected abstract line(raw: string): boolean;
}
