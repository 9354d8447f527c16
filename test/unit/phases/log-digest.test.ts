// Which line of a failing build's log is shown first, on what tools really print.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { digestLine, EMPTY_DIGEST, type LogDigest } from '../../../src-main/phases/log-digest.ts';

const digest = (log: string): LogDigest => log.split('\n').reduce(digestLine, EMPTY_DIGEST);

/** The line with an arrow before it is the one to be found. */
const failures: Readonly<Record<string, string>> = {
  gcc: `
cc -Wall -Werror -c -o error.o error.c
In file included from main.c:1:
main.c: In function 'main':
> main.c:3:5: error: 'x' undeclared (first use in this function)
main.c:3:5: note: each undeclared identifier is reported only once
main.c:9:5: error: 'y' undeclared (first use in this function)
make: *** [Makefile:5: main.o] Error 1`,
  'a missing header': `
cc -c main.c
> main.c:1:10: fatal error: foo.h: No such file or directory
    1 | #include <foo.h>
compilation terminated.
make: *** [<builtin>: main.o] Error 1`,
  'clang, in colours': `
> \u001b[1mmain.c:3:5: \u001b[0m\u001b[0;1;31merror: \u001b[0muse of undeclared identifier 'x'
1 error generated.`,
  ld: `
> /usr/bin/ld: cannot find -lfoo: No such file or directory
collect2: error: ld returned 1 exit status`,
  'an undefined reference': `
/usr/bin/ld: main.o: in function \`main':
> main.c:(.text+0x5): undefined reference to \`foo'
collect2: error: ld returned 1 exit status`,
  make: `
> make: *** No rule to make target 'foo', needed by 'all'.  Stop.`,
  'make, where the command says nothing': `
false
> make: *** [Makefile:2: all] Error 1`,
  'configure, after git complains': `
fatal: not a git repository (or any of the parent directories): .git
checking for gcc... no
checking for error_at_line... yes
> configure: error: no acceptable C compiler found in $PATH
See \`config.log' for more details`,
  cmake: `
-- Check for working CXX compiler: /usr/bin/c++ - skipped
> CMake Error at CMakeLists.txt:5 (find_package):
  By not providing "FindFoo.cmake" in CMAKE_MODULE_PATH this project has
-- Configuring incomplete, errors occurred!`,
  meson: `
Run-time dependency foo found: NO (tried pkgconfig and cmake)
> ../meson.build:3:0: ERROR: Dependency "foo" not found, tried pkgconfig and cmake
A full log can be found at /build/source/build/meson-logs/meson-log.txt`,
  ninja: `
[1/2] Compiling C object a.o
> FAILED: a.o
ninja: build stopped: subcommand failed.`,
  python: `
running build_ext
> Traceback (most recent call last):
  File "setup.py", line 3, in <module>
    import numpy
ModuleNotFoundError: No module named 'numpy'`,
  pytest: `
collected 2 items
tests/test_a.py .F
> FAILED tests/test_a.py::test_b - assert 1 == 2
=== 1 failed, 1 passed in 0.01s ===`,
  cargo: `
   Compiling proc-macro-error v1.0.4
   Compiling thiserror v1.0.50
> error[E0425]: cannot find value \`x\` in this scope
 --> src/main.rs:2:5
error: could not compile \`a\` (bin "a") due to 1 previous error`,
  'cargo test': `
test error::tests::display ... ok
> test tests::adds ... FAILED
thread 'tests::adds' panicked at src/lib.rs:9:9:`,
  go: `
# example.org/a
> ./main.go:5:2: undefined: foo`,
  'go vet': `
> main.go:4:2: no required module provides package example.org/b: go.mod file not found`,
  'go test': `
=== RUN   TestAdd
> --- FAIL: TestAdd (0.00s)
    add_test.go:7: got 3
FAIL`,
  node: `
node:internal/modules/cjs/loader:1080
  throw err;
> Error: Cannot find module 'left-pad'
Require stack:`,
  npm: `
> npm ERR! code ENOTCACHED
npm ERR! request to https://registry.npmjs.org/a failed: cache mode is 'only-if-cached'`,
  typescript: `
> src/a.ts(3,5): error TS2304: Cannot find name 'x'.`,
  maven: `
[INFO] Scanning for projects...
> [ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin`,
  ghc: `
[1 of 1] Compiling Main
> Main.hs:3:8: error: [GHC-88464]
    Variable not in scope: foo`,
  perl: `
> Can't locate Foo/Bar.pm in @INC (you may need to install the Foo::Bar module)
BEGIN failed--compilation aborted at a.pl line 1.`,
  automake: `
PASS: tests/error-1
> FAIL: tests/basic
# TOTAL: 2
# FAIL:  1
# ERROR: 0`,
  TAP: `
ok 1 - error: is reported
> not ok 2 - adds`,
  ctest: `
50% tests passed, 1 tests failed out of 2
> The following tests FAILED:
	  2 - b (Failed)`,
  assert: `
> a: main.c:5: main: Assertion \`0' failed.
Aborted (core dumped)`,
  patch: `
patching file text
> Hunk #1 FAILED at 1.
1 out of 1 hunk FAILED -- saving rejects to file text.rej`,
  'substituteInPlace of nixpkgs': `
> substituteStream() in derivation a-1.0: ERROR: pattern foo doesn't match anything in file 'text'`,
  'the loader': `
> ./a: error while loading shared libraries: libb.so: cannot open shared object file: No such file or directory`,
  'bash, a command': `
cat: optional.conf: No such file or directory
> /build/env: line 3: frobnicate: command not found`,
  'bash, a variable': `
> /nix/store/x-stdenv/setup: line 9: foo: unbound variable`,
  'bash, a quote': `
> ./configure: line 2: syntax error near unexpected token \`fi'`,
  sh: `
> /bin/sh: 1: frobnicate: not found`,
  install: `
> install: cannot create regular file '/nix/store/x-a/bin/a': No such file or directory`,
  'a full disk': `
> cp: error writing '/build/a': No space left on device`,
};

describe('the line that says what went wrong', () => {
  test.each(Object.entries(failures))('%s', (_, log) => {
    const lines = log.slice(1).split('\n');
    const expected = lines.findIndex((line) => line.startsWith('> '));
    const { error } = digest(lines.map((line) => line.replace(/^> /, '')).join('\n'));
    const text = lines[expected]?.slice(2).replace(/\u001b\[[0-9;]*m/g, '') ?? '';
    expect(error).toEqual({ number: expected + 1, text });
  });
});

test('what only sounds like an error is none', () => {
  const lines = [
    'cc -Werror -Wno-error=format -Wfatal-errors -c error.c fatal.c -o error.o',
    'checking for error.h... yes',
    'checking whether strerror_r is declared... no',
    'test error::display ... ok',
    '   Compiling thiserror v1.0.50',
    '# ERROR: 0',
    '# FAIL:  0',
    'Warnings: 0, Errors: 0',
    '0 errors, 0 failures',
    'no errors found',
    'PASS: tests/error: 3',
    'ok 3 - error: is reported',
    'make: [Makefile:3: clean] Error 1 (ignored)',
    'install -m 644 error.3 fatal.3 /nix/store/x/share/man/man3',
    'copying lib/error/__init__.py -> build/lib/error',
    'Running phase: buildPhase',
    'mkdir -p failed-tests',
  ];
  expect(lines.filter((line) => digest(line).error !== null)).toEqual([]);
});

test('lines are counted, and the last ten kept', () => {
  const lines = Array.from({ length: 25 }, (_, index) => `line ${index + 1}`);
  expect(digest(lines.join('\n'))).toEqual({
    lines: 25,
    error: null,
    isCertain: false,
    tail: lines.slice(15).map((text, index) => ({ number: index + 16, text })),
  });
});

test('a hostile line of 64 kB takes no time', () => {
  const started = performance.now();
  digest('error '.repeat(11_000));
  digest('*** '.repeat(16_000));
  digest('Assertion '.repeat(6_500));
  expect(performance.now() - started).toBeLessThan(500);
});

const fixtures = fileURLToPath(new URL('../../../../shared/fixtures/nix-log', import.meta.url));
const versions = existsSync(fixtures) ? readdirSync(fixtures) : [];

describe.skipIf(versions.length === 0)(
  `real logs of Nix${versions.length === 0 ? ` (skipped: ${fixtures} is not here)` : ''}`,
  () => {
    test.each(versions)(
      'a build of GNU hello that succeeded, by Nix %s, has no error',
      (version) => {
        const messages = buildLines(join(fixtures, version, 'hello.log'));
        const errors = messages.filter((line) => digest(line).error !== null);
        // It is one, but the hook of this stdenv without patchelf went on.
        expect(errors.filter((line) => !line.endsWith('patchelf: command not found'))).toEqual([]);
      },
    );

    test.each(versions)('a dependency that failed, by Nix %s', (version) => {
      const messages = buildLines(join(fixtures, version, 'dependency-failure.log'));
      expect(digest(messages.join('\n')).error?.text).toBe('dep.c:3: error: boom');
    });
  },
);

/** The lines that builders printed: results of type 101 in Nix's log. */
function buildLines(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      if (!line.startsWith('@nix ')) return [];
      const entry = JSON.parse(line.slice(5)) as { type?: number; fields?: readonly string[] };
      return entry.type === 101 ? [entry.fields?.[0] ?? ''] : [];
    });
}
