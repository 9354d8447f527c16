/**
 * Where each row of a long list lies when rows differ in height: all are as high as the usual one until they are measured. A
 * Fenwick tree over what measured rows have beyond the usual height; every question is answered in the logarithm of the rows.
 */
export class RowHeights {
  readonly #usual: number;
  #count = 0;
  /** Node i (from 1) holds the surplus of the rows (i − lowbit(i), i]. */
  #tree = new Float64Array(1);
  #surplus = new Float64Array(0);

  constructor(usual: number) {
    this.#usual = usual;
  }

  get count(): number {
    return this.#count;
  }

  /** Rows come at the end; a count below the present one begins anew. */
  set count(rows: number) {
    if (rows < this.#count) {
      this.#tree = new Float64Array(1);
      this.#surplus = new Float64Array(0);
    }
    this.#count = rows;
  }

  /** Pixels of all rows. */
  get total(): number {
    return this.top(this.#count);
  }

  /** Pixels above a row. */
  top(row: number): number {
    let sum = row * this.#usual;
    for (let at = Math.min(row, this.#tree.length - 1); at > 0; at -= at & -at) {
      sum += this.#tree[at] ?? 0;
    }
    return sum;
  }

  height(row: number): number {
    return this.#usual + (this.#surplus[row] ?? 0);
  }

  /** The row at a distance from the top, clamped to the rows there are. */
  rowAt(pixels: number): number {
    if (this.#tree.length === 1) return this.#clamp(Math.floor(pixels / this.#usual));
    let low = 0;
    let high = this.#count;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.top(middle) <= pixels) low = middle;
      else high = middle;
    }
    return this.#clamp(low);
  }

  /** Sets the measured height of a row. @returns by how much it differs from what was known, in pixels */
  measure(row: number, height: number): number {
    const change = height - this.height(row);
    if (row >= this.#count || Math.abs(change) < 0.01) return 0;
    if (row >= this.#surplus.length) this.#enlarge(row);
    this.#surplus[row] = height - this.#usual;
    for (let at = row + 1; at < this.#tree.length; at += at & -at) {
      this.#tree[at] = (this.#tree[at] ?? 0) + change;
    }
    return change;
  }

  /** Doubles until the row fits, and builds the tree again in one pass. */
  #enlarge(row: number): void {
    const surplus = new Float64Array(Math.max(1024, 2 ** Math.ceil(Math.log2(row + 1))));
    surplus.set(this.#surplus);
    const tree = new Float64Array(surplus.length + 1);
    for (let at = 1; at < tree.length; at += 1) {
      tree[at] = (tree[at] ?? 0) + (surplus[at - 1] ?? 0);
      const parent = at + (at & -at);
      if (parent < tree.length) tree[parent] = (tree[parent] ?? 0) + (tree[at] ?? 0);
    }
    this.#surplus = surplus;
    this.#tree = tree;
  }

  #clamp(row: number): number {
    return Math.max(0, Math.min(row, this.#count - 1));
  }
}
