// The rule of reuse as a table: what is edited, what that re-runs, and the reason given.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nixReason } from '../real-nix.ts';
import { base, edited, layOut, type EditName } from './edits.ts';
import { nixpkgsReason, packageOf, stdenvs } from './stdenvs.ts';
import { Workbench, type Planned, type Wish } from './workbench.ts';

/**
 * Columns: the edit; the first phase that `strata plan` says will run (then all after it do, as far as it knows); the first
 * that the run itself plans, which knows the setup's result; the phases that do run under *smart*; and why the first does.
 */
type Row = readonly [
  edit: EditName,
  foreseen: string | null,
  planned: string | null,
  runs: string,
  why: string | null,
];

const REST = 'configurePhase buildPhase installPhase fixupPhase';
const ALL = `unpackPhase patchPhase ${REST}`;

const SMART: readonly Row[] = [
  ['nothing', null, null, '', null],
  ['a comment in the Nix file', null, null, '', null],
  ['an attribute nobody reads', null, null, '', null],
  ['a comment in a phase', null, null, '', null],
  ['postInstall', 'installPhase', 'installPhase', 'installPhase fixupPhase', 'postInstall changed'],
  [
    'makeFlags',
    'buildPhase',
    'buildPhase',
    'buildPhase installPhase fixupPhase',
    'makeFlags changed',
  ],
  ['patches', 'patchPhase', 'patchPhase', `patchPhase ${REST}`, 'patches changed'],
  ['a comment in a patch', 'patchPhase', 'patchPhase', 'patchPhase', 'patches changed'],
  ['src', 'unpackPhase', 'unpackPhase', ALL, 'src changed'],
  ['src packed in another way', 'unpackPhase', 'unpackPhase', 'unpackPhase', 'src changed'],
  [
    'src in another file',
    'unpackPhase',
    'unpackPhase',
    'unpackPhase',
    'sourceRoot is new, src changed',
  ],
  ['a function of two phases', 'configurePhase', 'configurePhase', REST, 'preConfigure changed'],
  // The inputs may have moved PATH: that they did not is known when the setup has run.
  [
    'a hook in a hook array',
    'unpackPhase',
    'installPhase',
    'installPhase',
    'nativeBuildInputs changed',
  ],
  ['a build input', 'unpackPhase', 'unpackPhase', ALL, 'nativeBuildInputs changed'],
  // Checks that leave no files change nothing for what follows: that is known when they have run.
  ['doCheck', 'checkPhase', 'checkPhase', 'checkPhase', 'this is its first run'],
  ['a variable for tools', 'unpackPhase', 'unpackPhase', ALL, 'CFLAGS is new'],
  ['a phase more', 'lookPhase', 'lookPhase', 'lookPhase', 'this is its first run'],
  ['the end of the build', 'fixupPhase', 'fixupPhase', 'fixupPhase', 'exitHook is new'],
];

/** Under *strict* everything runs from the start after any edit that reaches the builder; the reason for each. */
const STRICT: readonly (readonly [EditName, string | null])[] = [
  ['nothing', null],
  ['a comment in the Nix file', null],
  ['an attribute nobody reads', 'homepage changed'],
  ['a comment in a phase', 'postInstall changed'],
  ['postInstall', 'postInstall changed'],
  ['src packed in another way', 'src changed'],
  ['doCheck', 'doCheck changed'],
];

/** A package whose attributes the builder gets as arrays and maps. */
const structured = {
  name: '"tiny-structured-1.0"',
  __structuredAttrs: 'true',
  outputs: '[ "out" ]',
  preInstallHooks: '[ "say one" "say two" ]',
  words: '[ "a b" "c" ]',
  env: '{ MODE = "1"; }',
};

/** Edits of it under *smart*: the attributes, the first phase to run, the phases that run, and why. */
const STRUCTURED: readonly (readonly [
  string,
  Readonly<Record<string, string>>,
  string | null,
  string,
  string | null,
])[] = [
  ['nothing', {}, null, '', null],
  ['a list nobody reads', { words: '[ "a" ]' }, null, '', null],
  [
    'a hook in a hook array',
    { preInstallHooks: '[ "say one" "say 2" ]' },
    'installPhase',
    'installPhase',
    'preInstallHooks changed',
  ],
  [
    'makeFlags',
    { makeFlags: '[ "WORD=a b" ]' },
    'buildPhase',
    'buildPhase installPhase fixupPhase',
    'makeFlags changed',
  ],
  ['an exported variable', { env: '{ MODE = "2"; }' }, 'unpackPhase', ALL, 'MODE changed'],
];

/** Under *force* nothing is a reason. */
const FORCE: readonly EditName[] = [
  'src',
  'a build input',
  'postInstall',
  'doCheck',
  'a phase more',
];

interface Outline {
  readonly planned: readonly (readonly [phase: string, action: string])[];
  readonly phases: readonly (readonly [phase: string, status: string])[];
}

/** What is passed over unless the edit asks for it. */
const SKIPPED = new Set(['checkPhase', 'installCheckPhase', 'distPhase']);

/** The whole plan and outcome that a row says shortly. */
function outline(edit: EditName, first: string | null, runs: string): Outline {
  const names = [
    ...['unpackPhase', 'patchPhase', 'configurePhase', 'buildPhase', 'checkPhase'],
    ...(edit === 'a phase more' ? ['lookPhase'] : []),
    ...['installPhase', 'fixupPhase', 'installCheckPhase', 'distPhase'],
  ];
  const running = new Set(runs.split(' '));
  const isSkipped = (name: string): boolean =>
    SKIPPED.has(name) && !(edit === 'doCheck' && name === 'checkPhase');
  const from = first === null ? Infinity : names.indexOf(first);
  return {
    planned: names.map((name, index) => [
      name,
      isSkipped(name) ? 'skip' : index < from ? 'reuse' : 'run',
    ]),
    phases: names.map((name) => [
      name,
      isSkipped(name) ? 'skipped' : running.has(name) ? 'succeeded' : 'reused',
    ]),
  };
}

const actions = (planned: readonly Planned[]) => planned.map(({ name, action }) => [name, action]);
const firstReason = (planned: readonly Planned[]): string | null =>
  planned.find(({ action }) => action === 'run')?.why ?? null;

const suite = nixReason === null ? '' : ` (skipped: ${nixReason})`;

describe.skipIf(nixReason !== null)(`what an edit re-runs${suite}`, () => {
  describe.each(stdenvs)('$name', (stdenv) => {
    let bench: Workbench;

    beforeAll(async () => {
      bench = Workbench.open();
      layOut(bench);
      for (const attributes of [base, { ...base, ...structured }]) {
        const { status, lines } = await bench.run(packageOf(stdenv, attributes));
        expect(status, lines.join('\n')).toBe('succeeded');
      }
    });
    afterAll(() => bench.close());

    const plan = (edit: EditName, wish: Wish) => bench.plan(packageOf(stdenv, edited(edit)), wish);

    /** A run in a cache of its own, so that each edit is made to the package as it was. */
    const run = async (edit: EditName, wish: Wish) => {
      const fork = await bench.fork();
      const ran = await fork.run(packageOf(stdenv, edited(edit)), wish);
      await fork.closeEngine();
      return ran;
    };

    test.each(SMART)('smart: %s', async (edit, foreseen, planned, runs, why) => {
      const foresight = await plan(edit, { reuse: 'smart' });
      const ran = await run(edit, { reuse: 'smart' });
      expect({
        foreseen: actions(foresight),
        planned: actions(ran.planned),
        phases: ran.phases,
        why: firstReason(foresight),
      }).toEqual({
        foreseen: outline(edit, foreseen, runs).planned,
        ...outline(edit, planned, runs),
        why,
      });
    });

    test.each(STRICT)('strict: %s', async (edit, why) => {
      const planned = await plan(edit, { reuse: 'strict' });
      const first = why === null ? null : 'unpackPhase';
      expect({ planned: actions(planned), why: firstReason(planned) }).toEqual({
        planned: outline(edit, first, '').planned,
        why,
      });
    });

    test('strict: what was planned is what runs', async () => {
      const { phases } = await run('postInstall', { reuse: 'strict' });
      expect(phases).toEqual(outline('postInstall', 'unpackPhase', ALL).phases);
    });

    test.each(FORCE)('force: %s is no reason', async (edit) => {
      const planned = await plan(edit, { reuse: 'force' });
      // What has never run cannot be reused; what comes after it can.
      const added =
        edit === 'doCheck' ? 'checkPhase' : edit === 'a phase more' ? 'lookPhase' : null;
      expect(actions(planned)).toEqual(
        outline(edit, null, '').planned.map(([name, action]) => [
          name,
          name === added ? 'run' : action,
        ]),
      );
    });

    test('force: from a phase on, whatever changed before it', async () => {
      const { planned, phases } = await run('patches', { reuse: 'force', from: 'installPhase' });
      expect({ planned: actions(planned), phases, why: firstReason(planned) }).toEqual({
        ...outline('patches', 'installPhase', 'installPhase fixupPhase'),
        why: 'asked for with --from',
      });
    });

    test('--set is an edit of the attribute', async () => {
      const planned = await bench.plan(packageOf(stdenv, base), { set: { makeFlags: 'WORD=set' } });
      expect([actions(planned), firstReason(planned)]).toEqual([
        outline('makeFlags', 'buildPhase', '').planned,
        'makeFlags changed',
      ]);
    });

    test('--bind and other policies are an edit of everything', async () => {
      const bind = {
        source: '/etc/hostname',
        target: '/etc/hostname',
        optional: false,
        keepLink: false,
      };
      const plans = await Promise.all(
        [
          { kind: 'relaxed', binds: [bind], network: false } as const,
          { kind: 'relaxed', binds: [], network: true } as const,
          { kind: 'off' } as const,
        ].map((policy) => bench.plan(packageOf(stdenv, base), { policy })),
      );
      expect(plans.map((planned) => [actions(planned), firstReason(planned)])).toEqual(
        ['relaxed, /etc/hostname', 'relaxed, network', 'off'].map((policy) => [
          outline('nothing', 'unpackPhase', '').planned,
          `the sandbox policy changed from strict to ${policy}`,
        ]),
      );
    });

    test.each(STRUCTURED)('with structured attributes: %s', async (_, edit, first, runs, why) => {
      const after = packageOf(stdenv, { ...base, ...structured, ...edit });
      const foresight = await bench.plan(after);
      const fork = await bench.fork();
      const { phases } = await fork.run(after);
      await fork.closeEngine();
      expect({ planned: actions(foresight), phases, why: firstReason(foresight) }).toEqual({
        ...outline('nothing', first, runs),
        why,
      });
    });

    test('going back to how it was reuses everything, after any number of edits', async () => {
      const fork = await bench.fork();
      for (const edit of ['postInstall', 'src', 'a build input'] as const) {
        await fork.run(packageOf(stdenv, edited(edit)));
      }
      const { planned, phases } = await fork.run(packageOf(stdenv, base));
      await fork.closeEngine();
      expect({ planned: actions(planned), phases }).toEqual(outline('nothing', null, ''));
    });

    test('what a phase that ran anew noted is what later phases see, reused ones between them', async () => {
      const fork = await bench.fork();
      // unpackPhase leaves the archive's name; the phases between do not care.
      const notes = { ...base, postInstall: '"basename $curSrc > $out/log"' };
      await fork.run(packageOf(stdenv, notes));
      const { phases, snapshot, outputs } = await fork.run(
        packageOf(stdenv, { ...notes, src: './tiny-1.tar.gz' }),
      );
      const log = await fork.read(snapshot, `${outputs['out'] ?? ''}/log`);
      await fork.closeEngine();
      expect(phases).toEqual(
        outline('nothing', null, 'unpackPhase installPhase fixupPhase').phases,
      );
      expect(log).toMatch(/-tiny-1\.tar\.gz\n$/);
    });
  });
});

test.skipIf(nixpkgsReason !== null)(
  `the table holds with nixpkgs’ own setup.sh (${nixpkgsReason ?? 'as above'})`,
  () => {
    expect(stdenvs.length).toBeGreaterThan(1);
  },
);
