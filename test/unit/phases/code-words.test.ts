// Reading bash code without running it, measured against bash's own reading of it.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { scanCode } from '../../../src-main/phases/code-scan.ts';
import { codeWords, normaliseCode } from '../../../src-main/phases/code-words.ts';
import { bash, bashReason, word } from './bash.ts';

// Each example starts a shell.
vi.setConfig({ testTimeout: 60_000 });

/** Whole commands, each on a line of its own: what can stand in a phase. */
const COMMANDS = [
  'echo "a # b" \'c # d\' e#f # a comment',
  'echo "$(cat "$file" | grep -v "# x" # inside\n)" # outside',
  'x=${y#prefix} z=${y##*/} n=${#y} k=${!y} # strip',
  'x=${y:-"a b"} # default',
  'x="${y:-"a # b"}" # quotes in quotes',
  'x=${y//#/-} # replace',
  'echo $# $? $! $$ "$#" # specials',
  'echo $((16#ff + 2)) $(( x << 1 )) # arithmetic',
  "(( x = 16#ff )) && echo yes # it's",
  "echo $'it\\'s # no comment' # one",
  "echo 'a' 'b\n   # in quotes\n\n' # after",
  'echo "a\n   # in quotes\n\n" # after',
  'echo a\\ #b \\# c # d',
  'echo a \\\n  # a comment ends a line',
  'echo a \\\n\n',
  'echo a \\\n  b',
  'case $x in\n  # first\n  a|b) echo "a)" ;; # one\n  \\#) : ;;\n  *) : ;;\nesac',
  'if [[ $x == a* ]]; then # yes\n  :\nfi',
  '[[ $x =~ ^#(a|b)$ ]] # regular expression',
  'cat <<EOF # here\n  # not a comment\n\n  $x\nEOF',
  "cat <<'EOF'\n it's\nEOF",
  'cat <<< "$x # y" # a here-string',
  'f() { # body\n  local x=1 # local\n\n  echo $x\n}',
  'for i in a b#c "d"; do echo $i; done # loop',
  'a=(\n  one # first\n  # second\n  two\n)',
  '#! /bin/sh',
  '   # indented',
  '#',
  '',
  '\t  ',
  'echo a;# glued',
  'echo a &# glued\nwait',
  '(# subshell\n  echo a)',
  'x=`echo a # b` # old',
  'echo "it\'s" # don\'t',
  'echo ${x:+$(echo "}" # y\n)}',
  'sed -e "s#a#b#" -e s#c#d# file # hash',
  '! true # negated',
  '{ echo a; } # group',
  'echo {a,b}# not a comment',
  'echo a >/dev/null 2>&1 # redirected',
  'echo "\\"# x" # y',
  'shopt -s extglob\ncase $x in @(#*|b)) : ;; esac',
  'echo $"text # text" # localised',
  'echo "$x"# "y" # z',
  "echo $x'#'y # z",
  'select x in a; do break; done # select',
  'coproc cat # co',
  'time -p : # time',
  'echo trailing   ',
];

const code = fc
  .array(fc.oneof(fc.constantFrom(...COMMANDS), fc.constantFrom(...COMMANDS, ' # c', '\n\n')), {
    minLength: 1,
    maxLength: 6,
  })
  .map((commands) => commands.join('\n'));

/** What bash makes of code: functions are printed from the parsed command. */
function asBashReadsIt(text: string): string {
  // `eval`, which is how phases are run, and not this script's own reading of itself.
  return bash(`
    shopt -s extglob
    code=${word(text)}
    eval "f() {
$code
:
}" && declare -f f`);
}

describe.skipIf(bashReason !== null)(`normaliseCode (${bashReason ?? 'bash'})`, () => {
  test('gives code that bash reads as the same', () => {
    fc.assert(
      fc.property(code, (text) => {
        expect(asBashReadsIt(normaliseCode(text))).toBe(asBashReadsIt(text));
      }),
      { numRuns: 300 },
    );
  });

  test.each(COMMANDS)('%j', (text) => {
    expect(asBashReadsIt(normaliseCode(text))).toBe(asBashReadsIt(text));
    expect(normaliseCode(normaliseCode(text))).toBe(normaliseCode(text));
  });
});

test('comments, blank lines and blanks at line ends are no part of code', () => {
  const one = `
    # Says hello.
    echo "hello # world"   # really

    if true; then
        make \\
          all # everything
    fi
  `;
  const other = `echo "hello # world"
if true; then
make \\
          all
fi`;
  expect([normaliseCode(one), normaliseCode(other)]).toEqual([other, other]);
});

test('what a scan cuts joins to what it was cut from', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        code,
        fc.string(),
        fc.string({ unit: fc.constantFrom(...Array.from('$(){}"\'\\`# \n;a')) }),
      ),
      (text) => {
        const pieces = scanCode(text);
        if (pieces !== null) expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      },
    ),
  );
});

test('hostile code is read in no time', () => {
  for (const text of [
    '$('.repeat(100_000),
    '"${'.repeat(50_000),
    '${a:-"'.repeat(50_000),
    '"'.repeat(99_999),
  ]) {
    expect(normaliseCode(text)).toBe(text);
  }
});

describe('codeWords', () => {
  const sorted = (words: ReadonlySet<string>): readonly string[] => [...words].toSorted();

  test('tells names that are expanded, that stand alone, and that are only spoken of', () => {
    const { expanded, bare, all } = codeWords(`
      runHook preBuild
      concatTo flagsArray makeFlags
      echo "no Makefile or custom buildPhase, doing nothing for $name"
      make \${makefile:+-f $makefile} "\${flagsArray[@]}" \${#list[@]} "\${!reference}"`);
    expect({
      expanded: sorted(expanded),
      bare: sorted(bare),
      spoken: all.has('buildPhase'),
    }).toEqual({
      expanded: ['flagsArray', 'list', 'makefile', 'name', 'reference'],
      bare: [
        'concatTo',
        'echo',
        'f',
        'flagsArray',
        'list',
        'make',
        'makeFlags',
        'makefile',
        'preBuild',
        'reference',
        'runHook',
      ].filter((name) => bare.has(name)),
      spoken: true,
    });
    expect(['concatTo', 'makeFlags', 'preBuild', 'runHook'].every((name) => bare.has(name))).toBe(
      true,
    );
    expect(bare.has('buildPhase')).toBe(false);
  });

  test.each([
    ['in a substitution in quotes', 'x="$(concatStringsSep " " makeFlags)"'],
    [
      'after an apostrophe in a here-document',
      "cat <<END\nit's\nEND\nconcatTo flags makeFlags\n: 'x'",
    ],
    ['in arithmetic', '(( makeFlags > 1 ))'],
    ['in an assignment', 'makeFlags+=" x"'],
    [
      'after an apostrophe in old-style substitution',
      "x=`echo it\\'s`; concatTo flags makeFlags; : 'x'",
    ],
    ['in a default', 'concatTo flags makeFlags=none'],
  ])('a name counts as standing alone %s', (_, text) => {
    expect(codeWords(text).bare.has('makeFlags')).toBe(true);
  });

  test.each([
    ['local x=1; echo $x', ['x']],
    ['for x in a b; do echo $x; done', ['x']],
    ["find . -print0 | while IFS= read -r -d '' x y; do echo $x; done", ['x', 'y']],
    ['echo $x; for x in a; do :; done', []],
    ['read -r -u $x x', []],
    ['local -r x y=2 z', ['x', 'y', 'z']],
    ['f () \n{ \n    local x;\n    x=1\n}', ['x']],
    // It begins as the global's value.
    ['local x=$x; echo $x', []],
    ['local PATH="/bin:$PATH"', []],
    ['echo $x; local x=1', []],
    // The reference is local, what it refers to is not.
    ['local -n x=$1', []],
    // The local of another function.
    ['f() { local x=1; }; echo $x', []],
    ['f () \n{ \n    function g () \n    { \n        local x;\n    };\n    echo $x\n}', []],
  ])('%j has variables of its own: %j', (text, locals) => {
    expect(sorted(codeWords(text).own)).toEqual(locals);
  });
});
