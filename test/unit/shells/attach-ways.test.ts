/** Which ways lead into a paused build; test/engine/bad-days/paused-build.test.ts goes them. */
import { expect, it } from 'vitest';
import { hindrance, waysFor, type AttachFacts } from '../../../src-main/shells/attach-ways.ts';
import { isPaused } from '../../../src-main/shells/paused-process.ts';

const SCRIPT = '/nix/store/y528s2cvrah7sgig54i97gnbq3nppikp-attach/bin/attach';

const all: AttachFacts = {
  process: { pid: 70, start: '4276711' },
  asRoot: ['sudo'],
  own: false,
  insidePid: 7,
  cntr: '/bin/cntr',
  hasNsenter: true,
  script: [SCRIPT, '8561621'],
};

const text = (facts: AttachFacts): readonly string[] =>
  waysFor(facts).map(({ name, command }) =>
    [`${name}:`, ...command].join(' ').replace(/\S*\/resources\//, 'resources/'),
  );

it('are cntr, the printed script and nsenter, all through root where the build is another user’s', () => {
  expect(text(all)).toStrictEqual([
    'cntr: sudo /bin/cntr attach 70 -- /bin/sh -c cd "/var/lib/cntr$(readlink /proc/7/cwd)"; exec bash -i',
    `script: sudo ${SCRIPT} 8561621`,
    'nsenter: sudo bash resources/breakpoint/enter.bash 70 4276711',
  ]);
});

it('are nsenter alone where the build is one’s own and there is nothing to become root with', () => {
  expect(text({ ...all, asRoot: null, own: true })).toStrictEqual([
    'nsenter: bash resources/breakpoint/enter.bash 70 4276711',
  ]);
});

it('are none without rights, and it is said how to get them', () => {
  const facts = { ...all, asRoot: null };
  expect(text(facts)).toStrictEqual([]);
  expect(hindrance(facts)).toMatch(/another user’s.*neither sudo nor pkexec/);
  expect(hindrance({ ...facts, hasNsenter: false })).toMatch(/nsenter.*install util-linux/);
});

it('lead to the process that the log told of, and to no other', () => {
  const sleeping = { kind: 'sleep', id: '8561621', script: SCRIPT } as const;
  const output = '/nix/store/8l7dfzczkfl984lfn1vgx1wgfxi03g77-hello';
  const cntr = { kind: 'cntr', output } as const;
  const loop = '; while true; do sleep 99999999; done';
  const found = [
    isPaused(['sleep', '8561621'], sleeping),
    isPaused(
      [
        '/nix/store/x/bin/coreutils',
        '--coreutils-prog-shebang=sleep',
        '/nix/store/x/bin/sleep',
        '8561621',
      ],
      sleeping,
    ),
    isPaused(['sh', '-c', `echo '   cntr attach -t command cntr-${output}'${loop}`], cntr),
  ];
  const others = [
    isPaused([], sleeping),
    isPaused(['8561621'], sleeping),
    isPaused(['sleep', '85616210'], sleeping),
    isPaused(['sudo', SCRIPT, '8561621'], sleeping),
    isPaused(['sh', '-c', `echo '   cntr attach -t command cntr-${output}-dev'${loop}`], cntr),
    isPaused(['cntr', 'attach', '-t', 'command', `cntr-${output}`], cntr),
  ];
  expect({ found, others }).toStrictEqual({
    found: [true, true, true],
    others: [false, false, false, false, false, false],
  });
});
