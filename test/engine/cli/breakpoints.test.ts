// `run --break-before` and `--break-after`: the run waits between two phases for a line on standard input.
import { afterAll, describe, expect, test } from 'vitest';
import { titled } from '../snapshots/mounted.ts';
import { CommandLine, eventsOf, refusal } from './command-line.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

describe.skipIf(refusal !== null)(titled('a breakpoint', refusal), () => {
  const target = cli.write(
    'broken',
    'phases = "buildPhase installPhase"; buildPhase = "touch it";',
  );

  test('says where the run is, opens a shell there, and goes on with Enter', () => {
    const { status, stdout, stderr } = cli.runWith(
      'what?\n\n',
      'run',
      target,
      '--break-before',
      'installPhase',
    );
    expect(stderr).toMatch(
      /^‖ paused before installPhase\nA shell here, from another terminal:\n\n {4}.*strata\S* shell \S+:buildPhase\n\nEnter goes on, q ends the run here\.\nEnter goes on, q ends\n$/,
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/\n✓ installPhase /);
    const [, reference = ''] = / shell (\S+:\S+)/.exec(stderr) ?? [];
    expect(cli.run('shell', reference, '--', 'ls', 'it').stdout).toBe('it\n');
  });

  test.each(['q\n', ''])('ends the run on %j, as --until would have', (input) => {
    const { status, stdout } = cli.runWith(input, 'run', target, '--break-after', 'buildPhase');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\n✓ built broken, up to buildPhase, in /);
  });

  test('is an event for a program, whose next line lets the run go on', () => {
    const words = ['run', target, '--json', '--break-after', 'buildPhase'];
    const answer = cli.runWith('\n', ...words);
    expect({ status: answer.status, stderr: answer.stderr }).toEqual({ status: 0, stderr: '' });
    const events = eventsOf(answer);
    const build = events.find(
      ({ event, phase }) => event === 'phase-finished' && phase === 'buildPhase',
    );
    expect(events.filter(({ event }) => event === 'paused')).toEqual([
      { event: 'paused', phase: 'buildPhase', where: 'after', snapshot: build?.['snapshot'] },
    ]);
    expect(events.at(-1)).toMatchObject({ event: 'finished', status: 'succeeded' });
  });

  test('at no phase of the build is refused', () => {
    const { status, stderr } = cli.run('run', target, '--break-before', 'instalPhase');
    expect(status).toBe(2);
    expect(stderr).toMatch(/--break-before instalPhase[^]*did you mean installPhase/i);
  });
});
