// Going on from an old state under a new derivation.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedNames, rebaseState, sameState } from '../../../src-main/phases/rebase.ts';
import { valueText } from '../../../src-main/phases/declarations.ts';
import { state } from './states.ts';

const names = ['a', 'b', 'c', 'd'];
const anyState = fc
  .record({
    variables: fc.dictionary(fc.constantFrom(...names), fc.constantFrom('1', '2', '3')),
    functions: fc.dictionary(fc.constantFrom('f', 'g'), fc.constantFrom(':', 'true')),
    umask: fc.constantFrom('0022', '0077'),
    directory: fc.constantFrom('/build', '/build/a'),
    aliases: fc.constantFrom('', "alias a='b'\n"),
  })
  .map(({ variables, functions, ...rest }) => state({ variables, functions }, rest));

test('without an edit a state stays as it is', () => {
  fc.assert(
    fc.property(anyState, anyState, (reached, before) => {
      const { state: rebased, conflicts } = rebaseState(reached, before, before);
      expect(sameState(rebased, reached)).toBe(true);
      expect(conflicts).toEqual([]);
    }),
  );
});

test('a phase that changed nothing goes on with the new derivation', () => {
  fc.assert(
    fc.property(anyState, anyState, (before, now) => {
      const { state: rebased, conflicts } = rebaseState(before, before, now);
      expect(sameState(rebased, { ...now, directory: before.directory })).toBe(true);
      expect(conflicts).toEqual([]);
    }),
  );
});

test('each name is the phase’s where the phase changed it, else the derivation’s', () => {
  fc.assert(
    fc.property(anyState, anyState, anyState, (reached, before, now) => {
      const { state: rebased } = rebaseState(reached, before, now);
      for (const name of names) {
        const [r, b, n, got] = [reached, before, now, rebased].map(({ variables }) =>
          variables.has(name) ? valueText(variables.get(name)) : null,
        );
        expect(got).toBe(r === b ? n : r);
      }
    }),
  );
});

test('the names that changed are those in which two states differ', () => {
  fc.assert(
    fc.property(anyState, anyState, (one, other) => {
      const changed = changedNames(one, other);
      expect(changed).toEqual(changedNames(other, one));
      const same =
        changed.length === 0 && one.umask === other.umask && one.directory === other.directory;
      expect(sameState(one, other)).toBe(same && one.aliases === other.aliases);
    }),
  );
});

test.each<[string, string, string, string, readonly string[]]>([
  ['a phase added to what is another now', '-a -b', '-b', '-c', ['flags']],
  ['what a phase added to is the same', '-a -b', '-b', '-b', []],
  ['a phase gave it a value of its own', 'other', '-b', '-c', []],
  ['it was empty before', '-a', '', '-c', []],
  ['a phase left it alone', '-b', '-b', '-c', []],
])('a conflict is where %s', (_, reached, before, now, conflicts) => {
  const [r, b, n] = [reached, before, now].map((flags) => state({ variables: { flags } }));
  expect(rebaseState(r ?? state({}), b ?? state({}), n ?? state({})).conflicts).toEqual(conflicts);
});
