// What was last measured of each row, kept beside the table that people read: a run of all rows takes a quarter of an hour,
// and one that measures some of them leaves the others as they were.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { resultsText } from './results.mjs';

export class Records {
  #directory;
  #rows;

  /** `root` is the checkout. */
  constructor(root) {
    this.#directory = join(root, 'test/bench');
    this.#rows = readRows(this.#file('json'));
  }

  /** `row` is what the row's function gave, and `when` it was measured. */
  add(name, row) {
    this.#rows[name] = row;
  }

  /** Writes both files: the rows in the order of `names`, those that were never measured left out. */
  async write(names, machine) {
    const known = names.filter((name) => Object.hasOwn(this.#rows, name));
    const rows = known.map((name) => this.#rows[name]);
    const kept = Object.fromEntries(known.map((name) => [name, this.#rows[name]]));
    await this.#write('json', JSON.stringify(kept));
    await this.#write('md', resultsText(rows, machine));
  }

  #file(kind) {
    return join(this.#directory, `results.${kind}`);
  }

  async #write(kind, text) {
    const file = this.#file(kind);
    const settings = await resolveConfig(file);
    writeFileSync(file, await format(text, { ...settings, filepath: file }));
  }
}

function readRows(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}
