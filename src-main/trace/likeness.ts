/**
 * In what lookups, and lists of them, are alike: as numbers, so that comparing ten thousand processes compares numbers. What does
 * not last from one run to the next, such as a process id in a name, makes no difference.
 */
import { lastingName, nameOfAnyBuild } from './lasting-names.ts';
import type { LoadError, Lookup, SearchedDirectory, TracedProcess } from './lookups.ts';
import { foundThrough } from './resolution-tree.ts';
import { withoutSubdirectories } from './searched-places.ts';

/** One for both traces: equal numbers mean equal things, whichever trace they are from. */
export class Likenesses {
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<string, string>();
  readonly #asked = new Map<object, number>();
  readonly #results = new Map<object, number>();
  readonly #searches = new Map<object, number>();
  readonly #errors = new Map<object, number>();
  readonly #questions = new Map<object, number>();
  readonly #outcomes = new Map<object, number>();
  readonly #failures = new Map<object, number>();

  /** {@link nameOfAnyBuild} of a name that occurs often. */
  name(name: string): string {
    let lasting = this.#names.get(name);
    if (lasting === undefined) this.#names.set(name, (lasting = nameOfAnyBuild(name)));
    return lasting;
  }

  /** What was asked for, and by whom. */
  asked(lookup: Lookup): number {
    return this.#of(
      this.#asked,
      lookup,
      ({ library, requestedBy }) => `asked ${this.name(library)}\0${this.name(requestedBy ?? '')}`,
    );
  }

  /** What came of it: the file and where the search path had it from; of a search in vain the path. */
  result(lookup: Lookup): number {
    return this.#of(this.#results, lookup, (one) => {
      const { found, searched } = one;
      const end =
        found === null
          ? String(this.search(searched))
          : `${foundThrough(one)?.origin ?? ''}\0${lastingName(found)}`;
      return `result ${this.asked(one)} ${end}`;
    });
  }

  /** The directories and where each comes from, whoever has built them, and whatever processor they are searched for. */
  search(searched: readonly SearchedDirectory[]): number {
    return this.#of(this.#searches, searched, (all) =>
      withoutSubdirectories(all)
        .map(({ directory, origin }) => `search ${origin} ${this.name(directory)}`)
        .join('\0'),
    );
  }

  error(error: LoadError): number {
    return this.#of(this.#errors, error, ({ library, text, fatal }) =>
      [`error ${fatal}`, nameOfAnyBuild(library ?? ''), nameOfAnyBuild(text)].join('\0'),
    );
  }

  /** What a process asked for. */
  questions({ lookups }: TracedProcess): number {
    return this.#of(
      this.#questions,
      lookups,
      (all) => `questions ${all.map((one) => this.asked(one)).join()}`,
    );
  }

  /** What it asked for and what came of that. */
  outcome({ lookups, errors }: TracedProcess): string {
    const results = this.#of(
      this.#outcomes,
      lookups,
      (all) => `outcomes ${all.map((one) => this.result(one)).join()}`,
    );
    const failures = this.#of(
      this.#failures,
      errors,
      (all) => `failures ${all.map((one) => this.error(one)).join()}`,
    );
    return `${results} ${failures}`;
  }

  /** Lists that processes share are looked at once. */
  #of<Thing extends object>(
    known: Map<object, number>,
    thing: Thing,
    text: (thing: Thing) => string,
  ): number {
    let number = known.get(thing);
    if (number === undefined) {
      const key = text(thing);
      number = this.#numbers.get(key) ?? this.#numbers.size;
      this.#numbers.set(key, number);
      known.set(thing, number);
    }
    return number;
  }
}
