/**
 * The merged tree of a snapshot, known from the recorded changes of it and its ancestors without looking at any layer.
 *
 * Nothing is folded ahead: a question about one path looks for it in each record file from the newest to the oldest, by
 * bisection. Questions mostly come in the order of paths, so each file remembers where the last one ended.
 */
import type { Change, Entry } from './change.ts';
import { RECORD_END, decodeChange, toByteString, type ChangeRecords } from './changes-file.ts';
import type { PathEntry, TreeBelow } from './layer-changes.ts';
import { sortByPath } from './path-order.ts';

/** An entry, and which layer has it: the index in the list that the tree was made of. */
export interface Located {
  readonly entry: Entry;
  readonly layer: number;
}

export class RecordedTree implements TreeBelow {
  readonly #layers: readonly RecordIndex[];

  /** @param newestFirst the records of the snapshot, of its parent, and so on to the first. */
  constructor(newestFirst: readonly ChangeRecords[]) {
    this.#layers = newestFirst.map((records) => new RecordIndex(records));
  }

  lookup(path: string): Entry | undefined {
    return this.locate(path)?.entry;
  }

  /** The entry at a path, with the newest layer that recorded it: there its contents are. */
  locate(path: string): Located | undefined {
    const key = toByteString(path);
    for (const [layer, index] of this.#layers.entries()) {
      const change = index.find(key);
      if (change === undefined) continue;
      return change.kind === 'removed' ? undefined : { entry: change.entry, layer };
    }
    return undefined;
  }

  below(directory: string): readonly PathEntry[] {
    return this.#fold((index) => index.below(toByteString(directory)));
  }

  /** The entries of one directory (`/` for the root), without what is in its subdirectories. */
  children(directory: string): readonly PathEntry[] {
    return this.#fold((index) => index.children(toByteString(directory)));
  }

  #fold(select: (index: RecordIndex) => Iterable<Change>): readonly PathEntry[] {
    const entries = new Map<string, Entry>();
    for (const index of this.#layers.toReversed()) {
      for (const change of select(index)) {
        if (change.kind === 'removed') entries.delete(change.path);
        else entries.set(change.path, change.entry);
      }
    }
    return sortByPath(Array.from(entries, ([path, entry]) => ({ path, entry })));
  }
}

/** Bisection in the records of one file. Keys are byte strings. */
class RecordIndex {
  readonly #records: ChangeRecords;
  /** The last question and its answer: the first record that is not before `#asked`, and that record's path. */
  #asked = '';
  #at: number;
  #path: string;

  constructor(records: ChangeRecords) {
    this.#records = records;
    this.#at = records.start;
    this.#path = this.#pathAt(records.start);
  }

  find(key: string): Change | undefined {
    this.#seek(key);
    return this.#path === key ? decodeChange(this.#records.text, this.#at).change : undefined;
  }

  *below(directory: string): Generator<Change> {
    const prefix = `${directory === '/' ? '' : directory}/`;
    let at = this.#seek(prefix);
    while (at < this.#records.end && this.#records.text.startsWith(prefix, at)) {
      const { change, next } = decodeChange(this.#records.text, at);
      yield change;
      at = next;
    }
  }

  *children(directory: string): Generator<Change> {
    const prefix = `${directory === '/' ? '' : directory}/`;
    this.#seek(prefix);
    while (this.#at < this.#records.end && this.#path.startsWith(prefix)) {
      const slash = this.#path.indexOf('/', prefix.length);
      if (slash === -1) {
        const { change } = decodeChange(this.#records.text, this.#at);
        const passed = this.#path;
        yield change;
        this.#seek(`${passed}\0`);
      } else {
        // `0` is the byte after `/`: the first record that is not inside this subdirectory.
        this.#seek(`${this.#path.slice(0, slash)}0`);
      }
    }
  }

  #seek(key: string): number {
    const forward = key >= this.#asked;
    if (forward && key <= this.#path) return this.#remember(key, this.#at);
    let low = forward ? this.#at : this.#records.start;
    let high = this.#records.end;
    // The next few records are the likely answer when a whole tree is asked for in order.
    for (let step = 0; forward && step < 4 && low < high; step += 1) {
      if (this.#pathAt(low) >= key) return this.#remember(key, low);
      low = this.#after(low);
    }
    while (low < high) {
      const middle = this.#recordAround((low + high) >>> 1, low);
      if (this.#pathAt(middle) >= key) high = middle;
      else low = this.#after(middle);
    }
    return this.#remember(key, low);
  }

  #remember(key: string, at: number): number {
    this.#asked = key;
    if (at !== this.#at) {
      this.#at = at;
      this.#path = this.#pathAt(at);
    }
    return at;
  }

  /** Beyond the last record there is a path greater than any. */
  #pathAt(at: number): string {
    const { text, end } = this.#records;
    return at >= end ? '\uffff' : text.slice(at, text.indexOf('\0', at));
  }

  #after(at: number): number {
    const { text, end } = this.#records;
    const stop = text.indexOf(RECORD_END, at);
    return stop === -1 ? end : stop + RECORD_END.length;
  }

  /** Where the record begins that holds the character at `at`; not before `low`. */
  #recordAround(at: number, low: number): number {
    const stop = this.#records.text.lastIndexOf(RECORD_END, at - RECORD_END.length);
    return Math.max(low, stop + RECORD_END.length);
  }
}
