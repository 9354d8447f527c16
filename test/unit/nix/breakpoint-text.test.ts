// The instructions of breakpointHook, as they come in logs of Nix: coloured, with the name of the build, in pieces.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BreakpointReader, type Breakpoint } from '../../../src-main/nix/breakpoint-text.ts';

function read(...pieces: readonly (string | Uint8Array)[]): Breakpoint[] {
  const reader = new BreakpointReader();
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
  return [...bytes.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

const ATTACH = '/nix/store/y528s2cvrah7sgig54i97gnbq3nppikp-attach/bin/attach';
const OUTPUT = '/nix/store/8l7dfzczkfl984lfn1vgx1wgfxi03g77-hello-0.0.1';

/** As the hook prints them with `echo -e`. */
const TODAY = [
  '\u001b[0;31mbuild for \u001b[0;36mhello-2.12\u001b[0;31m failed in installPhase with exit code 2\u001b[0m',
  '\u001b[0;32mTo attach, run the following command:\u001b[0m',
  `\u001b[0;32m    sudo ${ATTACH} 8561621\u001b[0m`,
];
const OLDER = [
  '\u001b[0;31mbuild failed in buildPhase with exit code 2\u001b[0m',
  'To attach install cntr and run the following command as root:',
  '',
  `   cntr attach -t command cntr-${OUTPUT}`,
];

const today: Breakpoint = {
  name: 'hello-2.12',
  phase: 'installPhase',
  exitCode: 2,
  mark: { kind: 'sleep', id: '8561621', script: ATTACH },
};
const older: Breakpoint = {
  name: null,
  phase: 'buildPhase',
  exitCode: 2,
  mark: { kind: 'cntr', output: OUTPUT },
};

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

test('today’s text, and the older one', () => {
  expect(read(text(TODAY))).toStrictEqual([today]);
  expect(read(text(OLDER))).toStrictEqual([older]);
});

test('two builds whose lines alternate are told apart by their names', () => {
  const other = TODAY.map((line) =>
    line.replace('hello-2.12', 'bye').replace('code 2', 'code 1').replace('8561621', '77'),
  );
  const lines = TODAY.flatMap((line, at) => [`hello> ${line}`, `bye> ${other[at] ?? ''}`]);
  expect(read(text(lines))).toStrictEqual([
    today,
    { ...today, name: 'bye', exitCode: 1, mark: { kind: 'sleep', id: '77', script: ATTACH } },
  ]);
});

test('the lines of internal-json, whose ids exceed 2^53', () => {
  const result = (id: string, line: string): string =>
    `@nix {"action":"result","fields":[${JSON.stringify(line)}],"id":${id},"type":101}`;
  const lines = OLDER.flatMap((line, at) => [
    result('18014398509481985', line),
    result('18014398509481984', TODAY[at] ?? ''),
  ]);
  expect(read(text(lines))).toStrictEqual([today, older]);
});

test('what the hook does not know is null', () => {
  expect(
    read(`build for unknown failed in unknown with exit code unknown\n    sudo ${ATTACH} 1\n`),
  ).toStrictEqual([{ name: null, phase: null, exitCode: null, mark: { ...today.mark, id: '1' } }]);
  // The older hook in a phase that has no name.
  expect(read('build failed in  with exit code 255\n', OLDER[3] ?? '')).toStrictEqual([
    { ...older, phase: null, exitCode: 255 },
  ]);
});

test('what only resembles it is none', () => {
  const lines = [
    'To attach, run the following command:',
    'sudo make install',
    `echo sudo ${ATTACH} 12`,
    `sudo ${ATTACH} twelve`,
    'cntr attach -t command cntr-hello',
  ];
  expect(read(text(lines))).toStrictEqual([]);
});

test('a line without end is not kept, and what follows it is read', () => {
  const reader = new BreakpointReader();
  const piece = Buffer.from('x'.repeat(50_000));
  for (let count = 0; count < 100; count += 1) reader.push(piece);
  expect(reader.push(Buffer.from(`end\n${text(TODAY)}`))).toStrictEqual([today]);
});

test('how the text comes in pieces makes no difference', () => {
  const whole = Buffer.from(text([...TODAY, 'é', ...OLDER]));
  fc.assert(
    fc.property(fc.array(fc.nat({ max: whole.length }), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const pieces = places.slice(1).map((end, at) => whole.subarray(places[at], end));
      expect(read(...pieces)).toStrictEqual([today, older]);
    }),
  );
});

test('any bytes at all are read', () => {
  const fragment = fc.oneof(
    fc.constantFrom(...TODAY, ...OLDER, '@nix {"action":"result","type":101,', '\n', '> ', '\r'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(fragment), fc.uint8Array(), (words, bytes) => {
      for (const { mark } of read(words.join(''), bytes)) {
        expect(mark.kind === 'sleep' ? mark.id : mark.output).toMatch(/^(\d+|\/\S+)$/);
      }
    }),
  );
});
