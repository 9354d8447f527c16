// No text makes a reader throw, and where a text is cut into chunks makes no difference.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  connections,
  missingFiles,
  readOutside,
} from '../../../../src-main/trace/syscalls/answers.ts';
import { traceKind } from '../../../../src-main/trace/syscalls/trace-kind.ts';
import { READERS, read, type ReaderName } from './reading.ts';

const recordings = join(import.meta.dirname, 'recordings');
const strace = readFileSync(join(recordings, 'standard-error.txt'));
const threads = readFileSync(join(recordings, 'recommended.txt'));
const sysdig = Buffer.from(
  [
    '1 17:35:48.514632619 0 sh (7) < execve res=0 exe=sh tid=7(sh) pid=7(sh) ptid=3(bash) cwd=/home filename=<NA>',
    '2 17:35:48.514632620 0 sh (7) > mmap addr=0 length=4 prot=1(PROT_READ) flags=2(MAP_PRIVATE) fd=3(<f>/lib/a.so) offset=0',
    '3 17:35:48.514632621 0 sh (7) < mmap res=7FA69774E000 vm_size=536',
    '4 17:35:48.514632622 0 sh (7) < connect res=-115(EINPROGRESS) tuple=10.0.0.1:4->8.8.8.8:53 fd=4(<4>)',
    '5 17:35:48.514632623 0 sh (7) < clone res=8(sh) flags=0 ptid=3(bash)',
    '6 17:35:48.514632624 0 sh (8) > procexit status=256',
    '{"evt.dir":"<","evt.info":"fd=-2(ENOENT) name=/a flags=1(O_RDONLY)","evt.outputtime":1534527348514682170,"evt.type":"open","thread.tid":7}',
    '',
  ].join('\n'),
);

const kinds = Object.keys(READERS) as ReaderName[];
const kind = fc.constantFrom(...kinds);

/** A real text with pieces removed, doubled or overwritten. */
const mutated = fc
  .tuple(
    fc.constantFrom(strace, threads, sysdig),
    fc.array(fc.tuple(fc.nat(), fc.nat(200), fc.uint8Array({ maxLength: 20 })), { maxLength: 30 }),
  )
  .map(([text, changes]) =>
    changes.reduce<Buffer>((now, [at, length, bytes]) => {
      const start = at % (now.length + 1);
      return Buffer.concat([now.subarray(0, start), bytes, now.subarray(start + length)]);
    }, text),
  );

const anything = fc.oneof(
  mutated,
  fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 3000 }).map((text) => Buffer.from(text)),
  fc
    .array(
      fc.constantFrom(
        ...[
          '7 ',
          '[pid 8] ',
          '1795277510.1 ',
          'clone(',
          'flags=CLONE_THREAD',
          ') = 8',
          '\n',
          '<unfinished ...>',
        ],
        ...[
          '<... clone resumed>',
          'open("',
          '/a',
          '", O_RDONLY',
          ') = -1 ENOENT',
          'execve(',
          '+++ exited with 0 +++',
        ],
        ...[
          '+++ superseded by execve in pid 8 +++',
          'AT_FDCWD<',
          '>, "',
          '\\',
          'strace: Process 8 attached',
          ' = ',
          '"',
        ],
      ),
      { maxLength: 300 },
    )
    .map((words) => Buffer.from(words.join(''))),
);

test('no text makes a reader, an answer or the recogniser throw', () => {
  fc.assert(
    fc.property(kind, anything, (name, text) => {
      const trace = read(name, text);
      missingFiles(trace);
      readOutside(trace);
      connections(trace);
      traceKind(text);
      // Places that are named are there, and a tree has no rings.
      for (const { id, parent, accesses } of trace.processes) {
        expect(accesses.every((place) => place < trace.accesses.length)).toBe(true);
        const seen = new Set([id]);
        for (let above = parent; above !== null; above = trace.processes[above]?.parent ?? null) {
          expect(seen.has(above)).toBe(false);
          seen.add(above);
        }
      }
    }),
    { numRuns: 400 },
  );
});

test('chunks may be cut anywhere', () => {
  fc.assert(
    fc.property(kind, anything, fc.array(fc.nat(), { maxLength: 20 }), (name, text, cuts) => {
      const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort(
        (a, b) => a - b,
      );
      const chunks = places.slice(1).map((end, index) => text.subarray(places[index], end));
      expect(read(name, ...chunks)).toEqual(read(name, text));
    }),
    { numRuns: 200 },
  );
});

describe('lines without an end', () => {
  test('are counted as one, however they come', () => {
    const long = Buffer.alloc(3 * 1024 * 1024, 'x');
    const end = Buffer.from('\n7 chdir("/") = 0\n');
    const whole = read('strace', Buffer.concat([long, end]));
    expect(whole.notUnderstood.lines).toBe(1);
    expect(whole.accesses).toHaveLength(1);
    expect(read('strace', long.subarray(0, 1000), long.subarray(1000), end)).toEqual(whole);
  });
});

test('memory is bounded by what is distinct', () => {
  const line = Buffer.from(
    '7 1795277510.104187 openat(AT_FDCWD</w>, "a", O_RDONLY) = 3</w/a>\n'.repeat(1000),
  );
  const trace = read('strace', ...Array.from({ length: 200 }, () => line));
  expect(trace.accesses).toHaveLength(1);
  expect(trace.accesses[0]?.count).toBe(200_000);
});

test.each([
  ['nothing', ''],
  ['prose', 'A trace is a trace.\nIt says what (was) = done.\n'],
  ['a log', '[pid controller] started\nmake: *** [all] Error 1\n'],
  [
    'pcapng',
    Buffer.from(
      '0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c00000001000000140000000100000000000400140000000',
      'hex',
    ),
  ],
])('%s is no trace', (_, text) => {
  expect(traceKind(Buffer.from(text))).toBe(null);
});
