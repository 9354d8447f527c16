// The instructions of breakpointHook, as they come in logs of Nix: coloured, with the name of the build, in pieces.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BreakpointReader, type Breakpoint } from '../../../src-main/nix/breakpoint-text.ts';

const HELLO = '/nix/store/8l7dfzczkfl984lfn1vgx1wgfxi03g77-hello.drv';
const BYE = '/nix/store/0l7dfzczkfl984lfn1vgx1wgfxi03g77-bye.drv';

interface Line {
  readonly derivation: string;
  readonly text: string;
}

function read(lines: readonly Line[]): Breakpoint[] {
  const reader = new BreakpointReader();
  return lines.flatMap((line) => reader.take(line) ?? []);
}

function of(derivation: string, texts: readonly string[]): Line[] {
  return texts.map((text) => ({ derivation, text }));
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
  derivation: HELLO,
  name: 'hello-2.12',
  phase: 'installPhase',
  exitCode: 2,
  mark: { kind: 'sleep', id: '8561621', script: ATTACH },
};
const older: Breakpoint = {
  derivation: HELLO,
  name: null,
  phase: 'buildPhase',
  exitCode: 2,
  mark: { kind: 'cntr', output: OUTPUT },
};

test('today’s text, and the older one', () => {
  expect(read(of(HELLO, TODAY))).toStrictEqual([today]);
  expect(read(of(HELLO, OLDER))).toStrictEqual([older]);
});

test('two builds whose lines alternate are told apart', () => {
  const other = of(
    BYE,
    TODAY.map((line) =>
      line.replace('hello-2.12', 'bye').replace('code 2', 'code 1').replace('8561621', '77'),
    ),
  );
  const lines = of(HELLO, OLDER).flatMap((line, at) => [line, ...other.slice(at, at + 1)]);
  const mark = { kind: 'sleep', id: '77', script: ATTACH };
  expect(read(lines)).toStrictEqual([
    { ...today, derivation: BYE, name: 'bye', exitCode: 1, mark },
    older,
  ]);
});

test('what the hook does not know is null', () => {
  const unknown = [
    'build for unknown failed in unknown with exit code unknown',
    `    sudo ${ATTACH} 1`,
  ];
  const nothing = { derivation: HELLO, name: null, phase: null, exitCode: null };
  expect(read(of(HELLO, unknown))).toStrictEqual([
    { ...nothing, mark: { ...today.mark, id: '1' } },
  ]);
  // The older hook in a phase that has no name.
  const nameless = ['build failed in  with exit code 255', OLDER[3] ?? ''];
  expect(read(of(HELLO, nameless))).toStrictEqual([{ ...older, phase: null, exitCode: 255 }]);
  // A build whose beginning was not seen.
  expect(read(of(HELLO, TODAY.slice(2)))).toStrictEqual([{ ...nothing, mark: today.mark }]);
});

test('a failure that was told counts once', () => {
  expect(read(of(HELLO, [...TODAY, TODAY[2] ?? '']))).toMatchObject([
    { phase: 'installPhase' },
    { phase: null },
  ]);
});

test('what only resembles it is none', () => {
  const lines = [
    'To attach, run the following command:',
    'sudo make install',
    `echo sudo ${ATTACH} 12`,
    `sudo ${ATTACH} twelve`,
    'cntr attach -t command cntr-hello',
    `${' '.repeat(70_000)}sudo ${ATTACH} 12`,
  ];
  expect(read(of(HELLO, lines))).toStrictEqual([]);
});

test('of a line that was overwritten, the last version counts', () => {
  expect(read(of(HELLO, ['50 %\r100 %\r' + (TODAY[2] ?? '')]))).toMatchObject([
    { mark: today.mark },
  ]);
});

test('any text at all is read', () => {
  const fragment = fc.oneof(
    fc.constantFrom(...TODAY, ...OLDER, '> ', '\r', '\u001b['),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(fc.array(fragment)), (lines) => {
      for (const { mark } of read(
        of(
          HELLO,
          lines.map((parts) => parts.join('')),
        ),
      )) {
        expect(mark.kind === 'sleep' ? mark.id : mark.output).toMatch(/^(\d+|\/\S+)$/);
      }
    }),
  );
});
