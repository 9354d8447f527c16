// Rows of text as aligned columns: the first to the left, the others to the right.

/** `rows` are arrays of strings, all of one length; gives the lines. */
export function textTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
      )
      .join('   ')
      .trimEnd(),
  );
}
