// What ld.so prints of a process with LD_DEBUG, as recorded of glibc 2.36 and 2.43 and shortened: of a hundred programs, each
// with libraries in store paths of its own.

const programs = 100;

/** The text of one process; every second with the lines of LD_DEBUG=all about symbols. */
export function processText(pid) {
  const number = pid % programs;
  const tag = `${String(pid).padStart(10)}:\t`;
  const saysReasons = number % 3 !== 0;
  const lines = [];
  const say = (...texts) => lines.push(...texts);
  const program = `/nix/store/${hash(number)}-program-${number}/bin/program`;
  const names = ['libfoo.so.1', 'libbar.so.2', 'libstdc++.so.6', 'libm.so.6', 'libc.so.6'];
  const directories = names.map((_, index) => `/nix/store/${hash(number * 7 + index)}-library/lib`);
  const files = names.map((name, index) => `${directories[index]}/${name}`);
  const expanded = directories.flatMap((directory) => [
    ...[4, 3, 2].map((level) => `${directory}/glibc-hwcaps/x86-64-v${level}`),
    directory,
  ]);
  names.forEach((name, index) => {
    say(`find library=${name} [0]; searching`);
    say(` search path=${expanded.join(':')}\t\t(RUNPATH from file ${program})`);
    for (const directory of expanded) {
      say(`  trying file=${directory}/${name}`);
      if (directory === directories[index]) break;
      if (saysReasons) say('    (no such file)');
    }
    say('');
  });
  if (pid % 2 === 0) {
    for (let symbol = 0; symbol < 120; symbol += 1) {
      for (const file of files) say(`symbol=symbol_${symbol};  lookup in file=${file} [0]`);
      say(
        `binding file ${program} [0] to ${files[4]} [0]: normal symbol \`symbol_${symbol}' [GLIBC_2.2.5]`,
      );
    }
  }
  for (const file of files.toReversed()) say('', `calling init: ${file}`, '');
  say('', `initialize program: ${program}`, '', '', `transferring control: ${program}`, '');
  say('', 'calling fini:  [0]', '');
  return lines.map((line) => `${tag}${line}\n`).join('');
}

/** Looks like the hash of a store path. */
function hash(number) {
  return (number * 2654435761 + 12345)
    .toString(32)
    .padStart(32, '0123456789abcdfghijklmnpqrsvwxyz');
}
