// Waiting until nobody else uses the machine, for a while: others' work falls on one contender more than on another.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const glanceMs = 500;
/** How much of the machine's time others may take. */
const tolerated = 0.2;

export class Patience {
  #leftMs;
  #rounds = 0;
  #disturbed = 0;

  /** Waits at most so long, over all rounds. */
  constructor(seconds) {
    this.#leftMs = seconds * 1000;
  }

  /** Ends when the machine is quiet, or patience is. */
  async forQuiet() {
    let busy = await busyShare();
    while (busy > tolerated && this.#leftMs > 0) {
      this.#leftMs -= glanceMs;
      busy = await busyShare();
    }
    this.#rounds += 1;
    if (busy > tolerated) this.#disturbed += 1;
  }

  /** A sentence for the notes, or none. */
  get notes() {
    if (this.#disturbed === 0) return [];
    return [`others used the machine when ${this.#disturbed} of ${this.#rounds} rounds began`];
  }
}

/** The share of all cores' time that was used during a glance; none where there is no /proc. */
async function busyShare() {
  const before = processorTime();
  if (before === null) return 0;
  await sleep(glanceMs);
  const after = processorTime();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

/** Ticks since boot; proc(5): user nice system idle iowait irq softirq steal …, of which guest times are a part. */
function processorTime() {
  try {
    const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
    const ticks = line.split(/\s+/).slice(1, 9).map(Number);
    return { all: ticks.reduce((sum, tick) => sum + tick, 0), idle: ticks[3] + ticks[4] };
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
