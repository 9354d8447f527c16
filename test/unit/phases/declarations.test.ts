// Variables as bash declares them, measured against bash itself.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { decodePath } from '../../../src-main/host/byte-path.ts';
import {
  canonicalVariable,
  exportedScalar,
  parseDeclarations,
  type Value,
} from '../../../src-main/phases/declarations.ts';
import { bash, bashReason, locales, word } from './bash.ts';

// Each example starts a shell.
vi.setConfig({ testTimeout: 60_000 });

/** Anything a variable can hold: bytes without NUL, often those that quoting is about. */
const text = fc
  .oneof(
    fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 12 }),
    fc
      .array(
        fc.constantFrom(
          ...[' ', '"', "'", '\\', '$', '`', '\n', '\t', '\r', '\u0001', '\u001b', '\u007f', '!'],
          ...['a', '=', '[', ']', '(', ')', '{', '}', '#', '~', '*', '%', 'é', '€', '😀', '\u0085'],
        ),
        { maxLength: 8 },
      )
      .map((characters) => Array.from(Buffer.from(characters.join('')))),
  )
  .map((bytes) => decodePath(Uint8Array.from(bytes)));
const subscript = fc.integer({ min: 0, max: 40 });
const attributes = fc.subarray(['r', 'x', 'l', 'u', 't'] as const).map((letters) =>
  // Bash turns l off where u comes, and the other way round.
  letters.filter((letter) => letter !== 'u' || !letters.includes('l')),
);

interface Assigned {
  readonly attributes: readonly string[];
  readonly value: Value | null;
}

const scalar = text.map((value): Value => ({ kind: 'scalar', text: value }));
const indexed = fc
  .uniqueArray(fc.tuple(subscript, text), { selector: ([key]) => key, maxLength: 5 })
  .map((items): Value => ({
    kind: 'indexed',
    items: items.toSorted(([a], [b]) => a - b).map(([key, value]) => [String(key), value]),
  }));
const associative = fc
  .uniqueArray(
    fc.tuple(
      text.filter((key) => key !== ''),
      text,
    ),
    {
      selector: ([key]) => key,
      maxLength: 5,
    },
  )
  .map((items): Value => ({
    kind: 'associative',
    items: items.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  }));

const assigned: fc.Arbitrary<Assigned> = fc.record({
  attributes,
  value: fc.oneof(scalar, indexed, associative, fc.constant(null)),
});

/** The commands that give a variable its value before its attributes, which may change or refuse it. */
function assignment(name: string, { attributes, value }: Assigned): string {
  const flags = attributes.join('');
  const declared = flags === '' ? '' : `declare -${flags} ${name}\n`;
  const kept = attributes.filter((letter) => !'lu'.includes(letter)).join('');
  const keep = kept === '' ? '' : `declare -${kept} ${name}\n`;
  switch (value?.kind) {
    case undefined:
      return flags === '' ? `declare ${name}\n` : declared;
    case 'scalar':
      return `${name}=${word(value.text)}\n${keep}`;
    case 'indexed':
      return `declare -a ${name}=()\n${value.items
        .map(([key, item]) => `${name}[${key}]=${word(item)}\n`)
        .join('')}${keep}`;
    case 'associative':
      // The subscript through a variable: bash 5.0 and 5.1 expand one that is written out twice.
      return `declare -A ${name}=()\n${value.items
        .map(([key, item]) => `key=${word(key)}; ${name}[$key]=${word(item)}\n`)
        .join('')}${keep}`;
  }
}

describe.skipIf(bashReason !== null)(`declare -p (${bashReason ?? 'bash'})`, () => {
  test.each(locales)('of any variables reads as what they hold, in the locale %s', (locale) => {
    fc.assert(
      fc.property(fc.array(assigned, { minLength: 1, maxLength: 12 }), (variables) => {
        const names = variables.map((_, index) => `variable${index}`);
        const printed = bash(
          `${variables.map((variable, index) => assignment(names[index] ?? '', variable)).join('')}
          declare -p ${names.join(' ')}`,
          locale,
        );
        const read = parseDeclarations(printed);
        expect(
          Array.from(read, ([name, { attributes, value }]) => [name, attributes, value]),
        ).toEqual(
          variables.map(({ attributes, value }, index) => [
            names[index],
            // Those that convert values are not set where there is one.
            attributes
              .filter((letter) => value === null || !'lu'.includes(letter))
              .toSorted()
              .join(''),
            value,
          ]),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('each statement declares the same variable again', () => {
    fc.assert(
      fc.property(fc.array(assigned, { minLength: 1, maxLength: 12 }), (variables) => {
        const names = variables.map((_, index) => `variable${index}`);
        const list = `declare -p ${names.join(' ')}\n`;
        const first = parseDeclarations(
          bash(
            variables.map((variable, index) => assignment(names[index] ?? '', variable)).join('') +
              list,
          ),
        );
        const statements = [...first.values()].map(({ statement }) => `${statement}\n`).join('');
        const second = parseDeclarations(bash(statements + list));
        expect([...second].map(([name, variable]) => [name, canonicalVariable(variable)])).toEqual(
          [...first].map(([name, variable]) => [name, canonicalVariable(variable)]),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('our own way to write a scalar is read back by bash', () => {
    fc.assert(
      fc.property(text, (value) => {
        const printed = bash(`${exportedScalar('name', value).statement}\nprintf '%s\\0' "$name"`);
        expect(printed).toBe(`${value}\0`);
      }),
      { numRuns: 60 },
    );
  });

  test('integers, references and names without a value', () => {
    const printed = bash(`
      declare -i number=41+1
      declare -n reference=number
      declare -x exported
      declare -ar list=(a [5]=$'b\\nc')
      declare -p number; declare -p exported list
      declare -np reference`);
    expect(
      Array.from(parseDeclarations(printed), ([name, { attributes, value }]) => [
        name,
        attributes,
        value,
      ]),
    ).toEqual([
      ['number', 'i', { kind: 'scalar', text: '42' }],
      ['exported', 'x', null],
      [
        'list',
        'r',
        {
          kind: 'indexed',
          items: [
            ['0', 'a'],
            ['5', 'b\nc'],
          ],
        },
      ],
      ['reference', 'n', { kind: 'scalar', text: 'number' }],
    ]);
  });

  test('all variables of a shell are read, whatever the environment brings', () => {
    const printed = bash(`
      export BASH_FUNC_odd%%='() { :; }' 2>/dev/null || :
      odd() { local x=1; }
      export -f odd
      declare -p`);
    const names = [...parseDeclarations(printed).keys()];
    expect(names).toEqual(expect.arrayContaining(['BASH_VERSINFO', 'PATH', 'PWD', 'LC_ALL']));
  });
});

test('what bash does not write is refused, with the place', () => {
  expect(() => parseDeclarations('declare -- a="1"\nnonsense\n')).toThrow(
    'reading the variables of a shell: expected a declaration at character 17: "nonsense\\n"',
  );
  expect(() => parseDeclarations('declare -- a="1')).toThrow('expected a closing quote');
});

test('a value of a megabyte is read', () => {
  const value = 'a"$\\'.repeat(250_000);
  const variables = parseDeclarations(`${exportedScalar('name', value).statement}\n`);
  expect(variables.get('name')?.value).toEqual({ kind: 'scalar', text: value });
});
