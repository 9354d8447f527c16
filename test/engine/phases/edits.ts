/** The package that the table of edits is about, and what an edit is. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Wish, Workbench } from './workbench.ts';
import type { Attributes } from './stdenvs.ts';

const MAKEFILE = `
WORD = none
all:
	echo "$(WORD) $$(cat text)" > result
check:
	test -s result
install:
	mkdir -p $(out)
	cp result $(out)/
`;

const patch = (greeting: string, comment = ''): string => `${comment}--- a/text
+++ b/text
@@ -1 +1 @@
-plain
+${greeting}
`;

/** A setup hook of an input: a phase of its own function, a hook array, and a function in it. */
const setupHook = (code: string): string => `
preInstallHooks+=(fromHook)
fromHook() {
    ${code}
}
`;

/** An input that Nix builds: a program, and what it does in whoever uses it. */
const tool = (text: string, hook: string): string => `derivation {
    name = "tool";
    system = builtins.currentSystem;
    builder = "/bin/bash";
    args = [ "-c" ''
      export PATH=/usr/bin:/bin
      mkdir -p $out/bin $out/nix-support
      printf '#!/bin/bash\\necho ${text}\\n' > $out/bin/tool
      chmod +x $out/bin/tool
      cp $hook $out/nix-support/setup-hook
    '' ];
    hook = builtins.toFile "setup-hook" ''${setupHook(hook)}'';
  }`;

/** Its attributes before the edit. */
export const base: Attributes = {
  name: '"tiny-1.0"',
  src: './tiny-1.tar',
  patches: '[ ./greeting.patch ]',
  nativeBuildInputs: `[ (${tool('tool', 'echo hook')}) ]`,
  makeFlags: '[ "WORD=word" ]',
  homepage: '"https://example.org"',
  // A function that two phases use, defined in a third.
  preConfigure: `''
    # Two phases say what they do.
    say() { echo "== $1"; }
  ''`,
  preBuild: '"say building; tool > tool-says"',
  postInstall: `''
    # What the tool said is worth keeping.
    say installed > $out/log
  ''`,
};

/** Writes the files that the attributes name. */
export function layOut(bench: Workbench): void {
  for (const [directory, text] of [
    ['1', 'plain'],
    ['2', 'plain'],
    ['3', 'plain'],
  ] as const) {
    bench.write(`${directory}/tiny/Makefile`, MAKEFILE);
    bench.write(`${directory}/tiny/text`, `${text}\n`);
  }
  bench.write('3/tiny/more', 'more\n');
  pack(bench, '1', 'tiny-1.tar');
  pack(bench, '2', 'tiny-2.tar.gz');
  pack(bench, '3', 'tiny-3.tar');
  bench.write('greeting.patch', patch('hello'));
  bench.write('greeting-2.patch', patch('good morning'));
  bench.write('greeting-3.patch', patch('hello', 'Greets.\n'));
  mkdirSync(join(bench.directory, 'host'));
  cpSync(join(bench.directory, '1/tiny/text'), join(bench.directory, 'host/text'));
}

function pack(bench: Workbench, from: string, archive: string): void {
  const args = ['--create', '--auto-compress', '--mtime=@1000000000', '--sort=name', '--file', archive, '-C', from, 'tiny'];
  const { status, stderr } = spawnSync('tar', args, { cwd: bench.directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`tar: ${stderr}`);
}

export interface Edit {
  /** What a person changes. */
  readonly edit: string;
  readonly attributes?: Attributes;
  readonly wish?: (bench: Workbench) => Wish;
}

export const edits = {
  nothing: {},
  postInstall: { postInstall: `"say 'installed it' > $out/log"` },
  makeFlags: { makeFlags: '[ "WORD=words" ]' },
  patches: { patches: '[ ./greeting-2.patch ]' },
  'a comment in a patch': { patches: '[ ./greeting-3.patch ]' },
  src: { src: './tiny-3.tar' },
  'src packed in another way': { src: './tiny-2.tar.gz' },
  'a build input': { nativeBuildInputs: `[ (${tool('tool 2', 'echo hook')}) ]` },
  'an attribute nobody reads': { homepage: '"https://example.com"' },
  'a hook of an input': { nativeBuildInputs: `[ (${tool('tool', 'echo "a hook"')}) ]` },
  doCheck: { doCheck: 'true' },
  'a comment in a phase': {
    postInstall: `''
    # It is worth keeping what the tool said.
    say installed > $out/log
  ''`,
  },
  'a function of two phases': { preConfigure: `''say() { echo "= $1"; }''` },
  'an exported variable': { CFLAGS: '"-O3"' },
} satisfies Readonly<Record<string, Attributes>>;
