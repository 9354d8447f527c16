// The programs that the examples, the tests and the benchmarks need of the machine, and where to look for them.
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Strata itself needs: the table that `strata doctor` prints. */
const strata = JSON.parse(
  readFileSync(new URL('../src-main/host/requirements.json', import.meta.url), 'utf8'),
);

/** Optional tools that neither the example nor a test uses; `strata doctor` speaks of them. */
const notForSetUp = new Set(['cntr', 'podman', 'sysdig']);

const forExamples = {
  required: [
    {
      tool: 'cc',
      purpose: 'compiles the examples',
      packages: { debian: 'gcc', fedora: 'gcc', nix: 'gcc' },
    },
    {
      tool: 'make',
      purpose: 'builds the examples',
      packages: { debian: 'make', fedora: 'make', nix: 'gnumake' },
    },
  ],
  optional: [
    {
      tool: 'c++',
      purpose: 'compiles C++',
      without: 'derivations in C++ that use the host compiler do not build',
      packages: { debian: 'g++', fedora: 'gcc-c++', nix: 'gcc' },
    },
    {
      tool: 'xz',
      purpose: 'unpacks .tar.xz sources',
      without: 'derivations with .tar.xz sources that use the host stdenv do not build',
      packages: { debian: 'xz-utils', fedora: 'xz', nix: 'xz' },
    },
  ],
};

const forTests = [
  {
    tool: 'chromium',
    otherNames: ['chromium-browser', 'google-chrome', 'google-chrome-stable'],
    purpose: 'is the browser in which the tests look at the window',
    without: "the window's tests are skipped",
    packages: { debian: 'chromium', fedora: 'chromium', nix: 'chromium' },
  },
];

const forBenchmarks = [
  ...strata.optional.filter(({ tool }) => tool === 'podman'),
  {
    tool: 'busybox',
    purpose: 'is all that is in the images which podman builds in the benchmarks',
    without: 'the benchmarks leave out their comparison with podman',
    packages: { debian: 'busybox-static', fedora: 'busybox', nix: 'pkgsStatic.busybox' },
  },
  {
    tool: 'time',
    purpose: 'measures the memory of whole commands',
    without: 'the benchmarks measure time alone',
    packages: { debian: 'time', fedora: 'time', nix: 'time' },
  },
];

/**
 * The programs that are not on PATH, `{ tool, purpose, without, packages, required }`. `test` asks for those of the tests
 * too, `bench` for those of the benchmarks.
 */
export function missingPrograms({ test, bench }) {
  const required = [...strata.required, ...forExamples.required];
  const optional = [
    ...strata.optional.filter(({ tool }) => !notForSetUp.has(tool)),
    ...forExamples.optional,
    ...(test ? forTests : []),
    ...(bench ? forBenchmarks : []),
  ];
  return [
    ...required.map((program) => ({ ...program, required: true })),
    ...optional.map((program) => ({ ...program, required: false })),
  ].filter(({ tool, otherNames = [] }) =>
    [tool, ...otherNames].every((name) => findProgram(name) === null),
  );
}

/** Where a program is on PATH, or null. */
function findProgram(tool) {
  for (const directory of (process.env.PATH ?? '').split(':')) {
    if (directory === '') continue;
    const file = join(directory, tool);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here; the next directory may have it.
    }
  }
  return null;
}
