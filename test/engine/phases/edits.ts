/** The package that the table of edits is about, and the edits. */
import { spawnSync } from 'node:child_process';
import type { Attributes } from './stdenvs.ts';
import type { Workbench } from './workbench.ts';

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

/** An input that Nix builds: a program. */
const tool = (says: string): string => `(derivation {
    name = "tool";
    system = builtins.currentSystem;
    builder = "/bin/bash";
    args = [ "-c" ''
      export PATH=/usr/bin:/bin
      mkdir -p $out/bin
      printf '#!/bin/bash\\necho ${says}\\n' > $out/bin/tool
      chmod +x $out/bin/tool
    '' ];
  })`;

/** An input that is a setup hook and nothing else. */
const hook = (says: string): string => `(builtins.toFile "hook.sh" ''
    preInstallHooks+=(fromHook)
    fromHook() { echo ${says}; }
  '')`;

const inputs = (toolSays: string, hookSays: string): string =>
  `[ ${tool(toolSays)} ${hook(hookSays)} ]`;

const postInstall = (comment: string, text: string): string => `''
    # ${comment}
    say installed > $out/log

    tool >> $out/log # ${text}
  ''`;

/** Its attributes before an edit. */
export const base: Attributes = {
  name: '"tiny-1.0"',
  src: './tiny-1.tar',
  patches: '[ ./hello.patch ]',
  nativeBuildInputs: inputs('tool', 'hook'),
  makeFlags: '[ "WORD=word" ]',
  homepage: '"https://example.org"',
  // A function that two phases use, defined in a third.
  preConfigure: `''say() { echo "== $1"; }''`,
  preBuild: '"say building"',
  postInstall: postInstall('What the tool says is worth keeping.', 'twice'),
};

/** What a person changes, by what they would call it. */
export const edits = {
  nothing: {},
  'a comment in the Nix file': { homepage: '/* where it is from */ "https://example.org"' },
  'an attribute nobody reads': { homepage: '"https://example.com"' },
  'a comment in a phase': { postInstall: postInstall('Keep what the tool says.', 'and once more') },
  postInstall: { postInstall: '"say done > $out/log"' },
  makeFlags: { makeFlags: '[ "WORD=words" ]' },
  patches: { patches: '[ ./good-morning.patch ]' },
  'a comment in a patch': { patches: '[ ./hello-commented.patch ]' },
  src: { src: './tiny-2.tar' },
  'src packed in another way': { src: './tiny-1.tar.gz' },
  'src in another file': { src: './tiny-1-again.tar', sourceRoot: '"tiny"' },
  'a function of two phases': { preConfigure: `''say() { echo "= $1"; }''` },
  'a hook in a hook array': { nativeBuildInputs: inputs('tool', '"a hook"') },
  'a build input': { nativeBuildInputs: inputs('"a tool"', 'hook') },
  doCheck: { doCheck: 'true' },
  'a variable for tools': { CFLAGS: '"-O3"' },
  'a phase more': { preInstallPhases: '[ "lookPhase" ]', lookPhase: '"ls"' },
  'the end of the build': { exitHook: '"echo built"' },
} satisfies Readonly<Record<string, Attributes>>;

export type EditName = keyof typeof edits;

/** The attributes after an edit. */
export function edited(edit: EditName): Attributes {
  return { ...base, ...edits[edit] };
}

/** Writes the files that the attributes name. */
export function layOut(bench: Workbench): void {
  for (const directory of ['1', '2']) {
    bench.write(`${directory}/tiny/Makefile`, MAKEFILE);
    bench.write(`${directory}/tiny/text`, 'plain\n');
  }
  bench.write('2/tiny/more', 'more\n');
  pack(bench, '1', 'tiny-1.tar');
  pack(bench, '1', 'tiny-1.tar.gz');
  pack(bench, '1', 'tiny-1-again.tar');
  pack(bench, '2', 'tiny-2.tar');
  bench.write('hello.patch', patch('hello'));
  bench.write('good-morning.patch', patch('good morning'));
  bench.write('hello-commented.patch', patch('hello', 'Greets.\n'));
}

/** Packs a directory so that the same files give the same archive. */
function pack(bench: Workbench, from: string, archive: string): void {
  const same = ['--mtime=@1000000000', '--sort=name', '--owner=0', '--group=0', '--mode=u+rw,go+r'];
  const args = ['--create', '--auto-compress', ...same, '--file', archive, '-C', from, 'tiny'];
  const { status, stderr } = spawnSync('tar', args, { cwd: bench.directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`tar: ${stderr}`);
}
