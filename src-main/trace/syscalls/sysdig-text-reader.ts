/**
 * Reads what `sysdig` prints by itself, of versions 0.29 to 0.41:
 *
 *     211 17:35:48.514632619 0 curl (17497) < open fd=3(<f>/etc/ld.so.cache) name=/etc/ld.so.cache flags=1(O_RDONLY) mode=0
 *
 * that is `%evt.num %evt.outputtime %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.info`; with `-t a`, `-t r` and
 * `-pc` (containers) too.
 */
import { SysdigReader } from './sysdig-reader.ts';
import { TimeOfDay } from './time-of-day.ts';

const LINE =
  /^\d+ (?:(\d+):(\d\d):(\d\d\.\d+)|(\d+\.\d+)) \d+ (.*?) \((\d+)(?::-?\d+)?\) ([<>]) ([a-z_0-9]+) ?(.*)$/;

/** Seconds. What is less is no time since 1970. */
const FIRST_EPOCH_SECOND = 100_000_000;

export class SysdigTextReader extends SysdigReader {
  readonly #timeOfDay = new TimeOfDay();
  protected line(raw: string): boolean {
    if (raw.trim() === '') return true;
    const line = Buffer.from(raw, 'latin1').toString('utf8');
    const found = LINE.exec(line);
    if (found === null) return false;
    const [
      ,
      hours,
      minutes,
      seconds,
      elapsed,
      program = '',
      tid,
      direction,
      type = '',
      fields = '',
    ] = found;
    this.events.take({
      at: this.#time(hours, minutes, seconds, elapsed),
      tid: Number(tid),
      program,
      direction: direction === '<' ? 'exit' : 'enter',
      type,
      fields,
    });
    return true;
  }

  #time(
    hours: string | undefined,
    minutes: string | undefined,
    seconds: string | undefined,
    elapsed: string | undefined,
  ): number {
    if (elapsed === undefined) {
      this.recorder.timesSince('midnight');
      const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
      return this.#timeOfDay.read(ms);
    }
    const number = Number(elapsed);
    this.recorder.timesSince(number >= FIRST_EPOCH_SECOND ? 'epoch' : 'start');
    return number * 1000;
  }
}
