/**
 * Lists that are shared by all who appended the same values in the same order. Ten thousand processes that looked for the
 * same libraries hold one list, and each of them no more than a reference to its end.
 */
export class SharedList<Value> {
  private readonly parent: SharedList<Value> | null;
  readonly size: number;
  readonly #value: Value | undefined;
  #latest: SharedList<Value> | null = null;
  #continuations: Map<Value, SharedList<Value>> | null = null;
  #values: readonly Value[] | null = null;

  private constructor(parent: SharedList<Value> | null, value: Value | undefined) {
    this.parent = parent;
    this.#value = value;
    this.size = parent === null ? 0 : parent.size + 1;
  }

  static empty<Value>(): SharedList<Value> {
    return new SharedList<Value>(null, undefined);
  }

  /** The list that goes on with a value; the same object for the same value. Values are the same as a Map's keys are. */
  append(value: Value): SharedList<Value> {
    const latest = this.#latest;
    // As a rule everybody goes on as the one before did: then no table is asked.
    if (latest !== null && latest.#value === value) return latest;
    const known = this.#continuations?.get(value);
    const next = known ?? new SharedList<Value>(this, value);
    if (known === undefined && latest !== null) {
      this.#continuations ??= new Map([[latest.#value as Value, latest]]);
      this.#continuations.set(value, next);
    }
    this.#latest = next;
    return next;
  }

  /** From the last to the first. */
  backwards(): Generator<Value> {
    return SharedList.#backwards(this);
  }

  static *#backwards<Value>(from: SharedList<Value>): Generator<Value> {
    for (let list = from; list.parent !== null; list = list.parent) yield list.#value as Value;
  }

  /** In the order they were appended; the same array for the same list. */
  values(): readonly Value[] {
    this.#values ??= [...this.backwards()].reverse();
    return this.#values;
  }

  /** What this list has beyond one that it goes on from. */
  beyond(start: SharedList<Value>): readonly Value[] {
    const values: Value[] = [];
    for (const value of this.backwards()) {
      if (start.size + values.length === this.size) break;
      values.push(value);
    }
    return values.reverse();
  }
}
