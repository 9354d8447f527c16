/**
 * The rules of ld.so(8) and dlopen(3), one case each: what is built, and what the loader then does. Paths are those of the
 * workshop's directory; libc, which everything needs, is not told of.
 */
import { EM_68K, ELFCLASS32, HEADER, type Workshop } from './tiny-elf.ts';

export interface Case {
  readonly rule: string;
  readonly make: (workshop: Workshop) => void;
  /** What is run where it is not `prog`, with its arguments. */
  readonly command?: (workshop: Workshop) => readonly string[];
  readonly env?: (workshop: Workshop) => Readonly<Record<string, string>>;
  /**
   * In their order: `liba.so for prog: lib/liba.so by RUNPATH of prog`, `dlopen libx.so for prog: not found`. A star stands
   * for a name that depends on the machine.
   */
  readonly lookups: readonly string[];
  /**
   * Directories that were searched before, and what became of the library there: `liba.so: none missing`. Until 2.42 the
   * loader says of none why, so of those that it may pass over nothing is known.
   */
  readonly passed?: readonly string[];
  /**
   * What LD_DEBUG=libs alone shows in place of `lookups`, where that is less: it does not say who asks, and nothing of a path
   * before the file there speaks of itself.
   */
  readonly libsAlone?: readonly string[];
  /** `libx.so: cannot open shared object file: No such file or directory (fatal)`, as far as it is told here. */
  readonly errors?: readonly string[];
  /** Files whose initialisers run, the loader's and libc's left out. */
  readonly initialisers?: readonly string[];
  /** Files that were found, and are not there in the end. */
  readonly unmapped?: readonly string[];
  /** Libraries that are in the process twice. */
  readonly duplicates?: readonly string[];
  /** Why it cannot be seen on this machine. */
  readonly without?: string | null;
}

const onlyOn = (...architectures: readonly string[]): string | null =>
  architectures.includes(process.arch) ? null : `of ${architectures.join(' and ')} alone`;

const CANNOT_OPEN = 'cannot open shared object file: No such file or directory';

export const CASES: readonly Case[] = [
  {
    rule: 'a library is found through the RUNPATH of the file that needs it',
    make: (w) => {
      w.library('lib/liba.so');
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('lib') });
    },
    lookups: ['liba.so for prog: lib/liba.so by RUNPATH of prog'],
  },
  {
    rule: 'a RUNPATH is not for what the libraries themselves need',
    make: (w) => {
      w.library('lib/libb.so');
      w.library('lib/liba.so', { needs: ['lib/libb.so'] });
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('lib') });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'libb.so for lib/liba.so: not found',
    ],
    errors: [`libb.so: ${CANNOT_OPEN} (fatal)`],
  },
  {
    rule: 'an RPATH is for what the libraries need as well',
    make: (w) => {
      w.library('lib/libb.so');
      w.library('lib/liba.so', { needs: ['lib/libb.so'] });
      w.program('prog', { needs: ['lib/liba.so'], rpath: w.path('lib') });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RPATH of prog',
      'libb.so for lib/liba.so: lib/libb.so by RPATH of prog',
    ],
    libsAlone: [
      'liba.so for prog: lib/liba.so by RPATH of prog',
      'libb.so for prog: lib/libb.so by RPATH of prog',
    ],
  },
  {
    rule: "but not for what a library needs that has a RUNPATH: then no ancestor's RPATH counts",
    make: (w) => {
      w.library('lib/libb.so');
      w.library('lib/liba.so', { needs: ['lib/libb.so'], runpath: w.path('empty') });
      w.program('prog', { needs: ['lib/liba.so'], rpath: w.path('lib') });
      w.folder('empty');
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RPATH of prog',
      'libb.so for lib/liba.so: not found',
    ],
    passed: ['libb.so: empty missing'],
    errors: [`libb.so: ${CANNOT_OPEN} (fatal)`],
  },
  {
    rule: 'RPATHs are searched from the library up to the program',
    make: (w) => {
      w.library('lib/libd.so');
      w.library('near/libb.so', { needs: ['lib/libd.so'], rpath: w.path('empty') });
      w.library('lib/libb.so');
      w.library('lib/liba.so', { needs: ['lib/libb.so'], rpath: w.path('near') });
      w.program('prog', { needs: ['lib/liba.so'], rpath: w.path('lib') });
      w.folder('empty');
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RPATH of prog',
      'libb.so for lib/liba.so: near/libb.so by RPATH of lib/liba.so',
      'libd.so for near/libb.so: lib/libd.so by RPATH of prog',
    ],
    passed: ['libd.so: empty missing', 'libd.so: near missing'],
  },
  {
    rule: 'a file with a RUNPATH has no RPATH',
    make: (w) => {
      w.library('old/liba.so');
      w.library('new/liba.so');
      const old = w.path('old');
      w.program('prog', { needs: ['new/liba.so'], rpath: `${old}:${w.path('new')}` });
      w.addRunpath('prog', old);
    },
    lookups: ['liba.so for prog: new/liba.so by RUNPATH of prog'],
  },
  {
    rule: 'LD_LIBRARY_PATH comes before RUNPATH',
    make: (w) => {
      w.library('lib/liba.so');
      w.library('mine/liba.so');
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('lib') });
    },
    env: (w) => ({ LD_LIBRARY_PATH: w.path('mine') }),
    lookups: ['liba.so for prog: mine/liba.so by LD_LIBRARY_PATH'],
  },
  {
    rule: 'and after RPATH',
    make: (w) => {
      w.library('lib/liba.so');
      w.library('mine/liba.so');
      w.program('prog', { needs: ['lib/liba.so'], rpath: w.path('lib') });
    },
    env: (w) => ({ LD_LIBRARY_PATH: w.path('mine') }),
    lookups: ['liba.so for prog: lib/liba.so by RPATH of prog'],
  },
  {
    rule: 'all three are searched before one is found in the last',
    make: (w) => {
      w.library('three/libd.so');
      w.library('lib/libb.so', { runpath: w.path('three'), needs: ['three/libd.so'] });
      w.library('lib/liba.so', { rpath: w.path('one'), needs: ['lib/libb.so'] });
      w.program('prog', { needs: ['lib/liba.so'], rpath: w.path('lib') });
      for (const name of ['one', 'two']) w.folder(name);
    },
    env: (w) => ({ LD_LIBRARY_PATH: w.path('two') }),
    lookups: [
      'liba.so for prog: lib/liba.so by RPATH of prog',
      'libb.so for lib/liba.so: lib/libb.so by RPATH of prog',
      'libd.so for lib/libb.so: three/libd.so by RUNPATH of lib/libb.so',
    ],
    passed: ['libb.so: one missing', 'libd.so: two missing'],
  },
  {
    rule: 'an empty part of LD_LIBRARY_PATH is the directory one is in; a semicolon divides as a colon does',
    make: (w) => {
      w.library('liba.so');
      w.library('lib/libb.so');
      w.program('prog', { needs: ['liba.so', 'lib/libb.so'] });
    },
    env: (w) => ({ LD_LIBRARY_PATH: `${w.path('lib')};` }),
    lookups: [
      'liba.so for prog: liba.so by LD_LIBRARY_PATH',
      'libb.so for prog: lib/libb.so by LD_LIBRARY_PATH',
    ],
    passed: ['liba.so: lib missing'],
  },
  {
    rule: '$ORIGIN is the directory of the file that says it',
    make: (w) => {
      w.library('lib/deep/libb.so');
      w.library('lib/liba.so', { needs: ['lib/deep/libb.so'], runpath: '$ORIGIN/deep' });
      w.program('prog', { needs: ['lib/liba.so'], runpath: '$ORIGIN/lib' });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'libb.so for lib/liba.so: lib/deep/libb.so by RUNPATH of lib/liba.so',
    ],
  },
  {
    rule: "$LIB is the system's name for its directories of libraries",
    make: (w) => {
      for (const name of ['lib', 'lib64', `lib/${MULTIARCH}`]) w.library(`${name}/liba.so`);
      w.program('prog', { needs: ['lib/liba.so'], runpath: '$ORIGIN/$LIB' });
    },
    lookups: ['liba.so for prog: lib*/liba.so by RUNPATH of prog'],
  },
  {
    rule: '$PLATFORM is a name for the processor',
    make: (w) => {
      // Until glibc 2.36 that of some processors of Intel's is not x86_64.
      for (const name of ['x86_64', 'haswell', 'xeon_phi', 'aarch64'])
        w.library(`lib/${name}/liba.so`);
      w.program('prog', { needs: ['lib/x86_64/liba.so'], runpath: '${ORIGIN}/lib/${PLATFORM}' });
    },
    without: onlyOn('x64', 'arm64'),
    lookups: ['liba.so for prog: lib/*/liba.so by RUNPATH of prog'],
  },
  {
    rule: 'what is loaded already is not looked for again, wherever the next one would look',
    make: (w) => {
      w.library('lib/liba.so');
      w.library('other/liba.so');
      w.library('other/libuser.so', { needs: ['other/liba.so'], runpath: w.path('other') });
      const runpath = `${w.path('lib')}:${w.path('other')}`;
      w.program('prog', { needs: ['lib/liba.so', 'other/libuser.so'], runpath });
    },
    command: () => ['prog', 'liba.so'],
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'libuser.so for prog: other/libuser.so by RUNPATH of prog',
    ],
    passed: ['libuser.so: lib missing'],
  },
  {
    rule: 'a soname satisfies, whatever the name of the file',
    make: (w) => {
      w.library('lib/file.so', { soname: 'libname.so.1' });
      w.library('lib/libuser.so', { needs: ['lib/file.so'] });
      w.link('lib/libname.so.1', 'file.so');
      w.program('prog', { needs: ['lib/file.so', 'lib/libuser.so'], runpath: w.path('lib') });
    },
    lookups: [
      'libname.so.1 for prog: lib/libname.so.1 by RUNPATH of prog',
      'libuser.so for prog: lib/libuser.so by RUNPATH of prog',
    ],
  },
  {
    rule: 'a need with a slash is a path from the root, or from where one is',
    make: (w) => {
      w.library('lib/liba.so', { soname: null });
      w.library('lib/libb.so', { soname: null });
      w.program('prog', { needs: [w.path('lib/liba.so'), './lib/libb.so'] });
    },
    env: (w) => ({ LD_LIBRARY_PATH: w.path('lib') }),
    lookups: [
      'lib/liba.so for prog: lib/liba.so by direct',
      './lib/libb.so for prog: ./lib/libb.so by direct',
    ],
    libsAlone: [
      './lib/libb.so for ?: ./lib/libb.so by direct',
      'lib/liba.so for ?: lib/liba.so by direct',
    ],
  },
  {
    rule: 'dlopen of a name looks through the RUNPATH of the file that calls it',
    make: (w) => {
      w.library('deep/libb.so');
      w.library('lib/liba.so', {
        code: 'void ask(void) { dlopen("libb.so", RTLD_NOW); }',
        runpath: '$ORIGIN/../deep',
      });
      w.program('prog', {
        needs: ['lib/liba.so'],
        runpath: w.path('lib'),
        code: 'void ask(void); ask()',
      });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'dlopen libb.so for lib/liba.so: lib/../deep/libb.so by RUNPATH of lib/liba.so',
    ],
    initialisers: ['lib/liba.so', 'lib/../deep/libb.so'],
  },
  {
    rule: "and through the RPATH of the program, where the caller is one of its libraries'",
    make: (w) => {
      w.library('lib/libb.so');
      w.library('lib/liba.so', { code: 'void ask(void) { dlopen("libb.so", RTLD_NOW); }' });
      w.program('prog', {
        needs: ['lib/liba.so'],
        rpath: w.path('lib'),
        code: 'void ask(void); ask()',
      });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RPATH of prog',
      'dlopen libb.so for lib/liba.so: lib/libb.so by RPATH of prog',
    ],
    libsAlone: [
      'liba.so for prog: lib/liba.so by RPATH of prog',
      'dlopen libb.so for prog: lib/libb.so by RPATH of prog',
    ],
  },
  {
    rule: 'what a library needs that dlopen brings is looked for because of that library',
    make: (w) => {
      w.library('deep/libb.so');
      w.library('lib/liba.so', { needs: ['deep/libb.so'], runpath: w.path('deep') });
      w.program('prog', { runpath: w.path('lib') });
    },
    command: () => ['prog', 'liba.so'],
    lookups: [
      'dlopen liba.so for prog: lib/liba.so by RUNPATH of prog',
      'dlopen libb.so for lib/liba.so: deep/libb.so by RUNPATH of lib/liba.so',
    ],
    initialisers: ['deep/libb.so', 'lib/liba.so'],
  },
  {
    rule: 'dlopen of a path opens that',
    make: (w) => {
      w.library('deep/libb.so');
      w.library('lib/liba.so', { needs: ['deep/libb.so'], runpath: w.path('deep') });
      w.program('prog');
    },
    command: (w) => ['prog', w.path('lib/liba.so')],
    lookups: [
      'dlopen lib/liba.so for prog: lib/liba.so by direct',
      'dlopen libb.so for lib/liba.so: deep/libb.so by RUNPATH of lib/liba.so',
    ],
  },
  {
    rule: 'a process whose dlopen fails goes on',
    make: (w) => {
      w.library('lib/liba.so');
      w.program('prog', { runpath: w.path('lib') });
    },
    command: () => ['prog', 'libnope.so', 'liba.so', 'libno.so.2'],
    lookups: [
      'dlopen libnope.so for prog: not found',
      'dlopen liba.so for prog: lib/liba.so by RUNPATH of prog',
      'dlopen libno.so.2 for prog: not found',
    ],
    passed: ['libnope.so: lib missing', 'libno.so.2: lib missing'],
    errors: [`libnope.so: ${CANNOT_OPEN}`, `libno.so.2: ${CANNOT_OPEN}`],
  },
  {
    rule: 'dlopen fails where what the library needs is not found, and nothing of it stays',
    make: (w) => {
      w.library('gone/libgone.so');
      w.library('lib/liba.so', { needs: ['gone/libgone.so'] });
      w.program('prog', { runpath: w.path('lib') });
    },
    command: () => ['prog', 'liba.so'],
    lookups: [
      'dlopen liba.so for prog: lib/liba.so by RUNPATH of prog',
      'dlopen libgone.so for lib/liba.so: not found',
    ],
    unmapped: ['lib/liba.so'],
    errors: [`libgone.so: ${CANNOT_OPEN}`],
  },
  {
    rule: 'a process of which a need is not found ends',
    make: (w) => {
      w.library('lib/liba.so');
      w.library('gone/libgone.so');
      w.program('prog', { needs: ['lib/liba.so', 'gone/libgone.so'], runpath: w.path('lib') });
    },
    lookups: ['liba.so for prog: lib/liba.so by RUNPATH of prog', 'libgone.so for prog: not found'],
    passed: ['libgone.so: lib missing'],
    errors: [`libgone.so: ${CANNOT_OPEN} (fatal)`],
  },
  {
    rule: 'a library of another class is passed over',
    make: (w) => {
      w.libraryWithHeader('wrong/liba.so', HEADER.class, ELFCLASS32);
      w.library('lib/liba.so');
      const runpath = `${w.path('wrong')}:${w.path('lib')}`;
      w.program('prog', { needs: ['lib/liba.so'], runpath });
    },
    lookups: ['liba.so for prog: lib/liba.so by RUNPATH of prog'],
    passed: ['liba.so: wrong wrong-class'],
  },
  {
    rule: 'where there is no other, it is an error that names it',
    make: (w) => {
      w.libraryWithHeader('wrong/liba.so', HEADER.class, ELFCLASS32);
      w.library('lib/liba.so');
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('wrong') });
    },
    lookups: ['liba.so for prog: not found'],
    passed: ['liba.so: wrong wrong-class'],
    errors: ['liba.so: wrong ELF class: ELFCLASS32 (fatal)'],
  },
  {
    rule: 'a library of another machine is passed over',
    make: (w) => {
      w.libraryWithHeader('wrong/liba.so', HEADER.machine, EM_68K);
      w.library('lib/liba.so');
      const runpath = `${w.path('wrong')}:${w.path('lib')}`;
      w.program('prog', { needs: ['lib/liba.so'], runpath });
    },
    lookups: ['liba.so for prog: lib/liba.so by RUNPATH of prog'],
    passed: ['liba.so: wrong wrong-machine'],
  },
  {
    rule: 'a file that is no ELF file ends the search',
    make: (w) => {
      w.text('wrong/liba.so', '/* GNU ld script */\nINPUT(liba.so.1)\n'.padEnd(200));
      w.library('lib/liba.so');
      const runpath = `${w.path('wrong')}:${w.path('lib')}`;
      w.program('prog', { needs: ['lib/liba.so'], runpath });
    },
    lookups: ['liba.so for prog: not found'],
    passed: ['liba.so: wrong not-elf'],
    errors: ['wrong/liba.so: invalid ELF header (fatal)'],
  },
  {
    rule: 'and so does an empty one, of a dlopen too',
    make: (w) => {
      w.text('wrong/liba.so', '');
      w.library('lib/liba.so');
      w.program('prog', { runpath: `${w.path('wrong')}:${w.path('lib')}` });
    },
    command: () => ['prog', 'liba.so'],
    lookups: ['dlopen liba.so for prog: not found'],
    passed: ['liba.so: wrong not-elf'],
    errors: ['wrong/liba.so: file too short'],
  },
  {
    rule: 'a variant for the processor comes before the library itself',
    make: (w) => {
      w.library('lib/liba.so');
      w.library('lib/glibc-hwcaps/x86-64-v2/liba.so');
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('lib') });
    },
    without: onlyOn('x64'),
    lookups: ['liba.so for prog: lib/glibc-hwcaps/x86-64-v2/liba.so by RUNPATH of prog'],
  },
  {
    rule: 'a directory that does not exist is searched once, and passed over in silence from then on',
    make: (w) => {
      w.library('lib/liba.so');
      w.library('lib/libb.so');
      const runpath = `${w.path('none')}:${w.path('lib')}`;
      w.program('prog', { needs: ['lib/liba.so', 'lib/libb.so'], runpath });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'libb.so for prog: lib/libb.so by RUNPATH of prog',
    ],
    passed: ['liba.so: none missing', 'libb.so: none passed-over'],
  },
  {
    rule: 'LD_PRELOAD loads libraries first, by path and by name',
    make: (w) => {
      w.library('lib/liba.so');
      w.library('lib/libname.so');
      w.library('pre/libpath.so');
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('lib') });
    },
    env: (w) => ({ LD_PRELOAD: `${w.path('pre/libpath.so')} libname.so` }),
    lookups: [
      'pre/libpath.so for prog: pre/libpath.so by direct',
      'libname.so for prog: lib/libname.so by RUNPATH of prog',
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
    ],
    libsAlone: [
      'libname.so for prog: lib/libname.so by RUNPATH of prog',
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'pre/libpath.so for ?: pre/libpath.so by direct',
    ],
  },
  {
    rule: 'a library of LD_PRELOAD that is nowhere is left out',
    make: (w) => {
      w.library('lib/liba.so');
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('lib') });
    },
    env: () => ({ LD_PRELOAD: 'libnope.so' }),
    lookups: ['libnope.so for prog: not found', 'liba.so for prog: lib/liba.so by RUNPATH of prog'],
    // That nothing came of it is not said.
    libsAlone: [
      'libnope.so for prog: * by system',
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
    ],
    passed: ['libnope.so: lib missing'],
    errors: ['libnope.so: cannot open shared object file'],
  },
  {
    rule: 'a link is found by its own name, and mapped is what it leads to',
    make: (w) => {
      w.library('real/file');
      w.link('lib/liba.so', '../real/file');
      w.library('stub/liba.so');
      w.program('prog', { needs: ['stub/liba.so'], runpath: w.path('lib') });
    },
    lookups: ['liba.so for prog: lib/liba.so by RUNPATH of prog'],
  },
  {
    rule: 'two files of one soname are both loaded where one is opened by its path',
    make: (w) => {
      w.library('lib/liba.so');
      w.library('other/liba.so');
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('lib') });
    },
    command: (w) => ['prog', w.path('other/liba.so')],
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'dlopen other/liba.so for prog: other/liba.so by direct',
    ],
    duplicates: ['liba.so: lib/liba.so other/liba.so'],
  },
  {
    rule: "a library linked with -z nodefaultlib finds nothing in the system's directories",
    make: (w) => {
      w.library('lib/liba.so', { needs: ['-lm'], options: ['-Wl,-z,nodefaultlib'] });
      w.program('prog', { runpath: w.path('lib') });
    },
    command: () => ['prog', 'liba.so'],
    lookups: [
      'dlopen liba.so for prog: lib/liba.so by RUNPATH of prog',
      'dlopen libm.so.6 for lib/liba.so: not found',
    ],
    // The loader says that it tries the file that the cache names, and leaves it alone.
    libsAlone: [
      'dlopen liba.so for prog: lib/liba.so by RUNPATH of prog',
      'dlopen libm.so.6 for ?: * by cache',
    ],
    unmapped: ['lib/liba.so'],
    errors: ['libm.so.6: cannot open shared object file'],
  },
  {
    rule: 'a filter loads the library it stands for, if there is one',
    make: (w) => {
      w.library('real/libreal.so');
      const options = ['-Wl,-f,libreal.so', '-Wl,-f,libnope.so'];
      w.library('lib/liba.so', { runpath: w.path('real'), options });
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('lib') });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'libreal.so for lib/liba.so: real/libreal.so by RUNPATH of lib/liba.so',
      'libnope.so for lib/liba.so: not found',
    ],
    // That nothing came of it is not said.
    libsAlone: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'libreal.so for lib/liba.so: real/libreal.so by RUNPATH of lib/liba.so',
      'libnope.so for lib/liba.so: * by system',
    ],
    passed: ['libnope.so: real missing'],
  },
  {
    rule: 'a directory that two RUNPATHs name is that of the file that asks, though the loader names the first',
    make: (w) => {
      w.library('lib/libb.so');
      w.library('lib/liba.so', { needs: ['lib/libb.so'], runpath: w.path('lib') });
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('lib') });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'libb.so for lib/liba.so: lib/libb.so by RUNPATH of lib/liba.so',
    ],
    libsAlone: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'libb.so for prog: lib/libb.so by RUNPATH of prog',
    ],
  },
  {
    rule: 'initialisers run in the order of need, not of the search',
    make: (w) => {
      w.library('deep/libdeep.so');
      w.library('b/libb.so', { needs: ['deep/libdeep.so'], runpath: w.path('b') });
      w.library('lib/liba.so', { needs: ['b/libb.so'], runpath: w.path('b') });
      const runpath = `${w.path('lib')}:${w.path('deep')}`;
      w.program('prog', { needs: ['lib/liba.so', 'deep/libdeep.so'], runpath });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'libdeep.so for prog: deep/libdeep.so by RUNPATH of prog',
      'libb.so for lib/liba.so: b/libb.so by RUNPATH of lib/liba.so',
    ],
    passed: ['libdeep.so: lib missing'],
    initialisers: ['deep/libdeep.so', 'b/libb.so', 'lib/liba.so'],
  },
  {
    rule: 'an initialiser may call dlopen before the program begins',
    make: (w) => {
      w.library('b/libb.so');
      w.library('lib/liba.so', {
        code: '__attribute__((constructor)) static void start(void) { dlopen("libb.so", RTLD_NOW); }',
        runpath: w.path('b'),
      });
      w.program('prog', { needs: ['lib/liba.so'], runpath: w.path('lib') });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'dlopen libb.so for lib/liba.so: b/libb.so by RUNPATH of lib/liba.so',
    ],
    initialisers: ['lib/liba.so', 'b/libb.so'],
  },
  {
    rule: 'what was closed is looked for again',
    make: (w) => {
      w.library('lib/liba.so');
      w.program('prog', {
        runpath: w.path('lib'),
        code: 'dlclose(open_library("liba.so")); open_library("liba.so")',
      });
    },
    lookups: [
      'dlopen liba.so for prog: lib/liba.so by RUNPATH of prog',
      'dlopen liba.so for prog: lib/liba.so by RUNPATH of prog',
    ],
  },
  {
    rule: 'another namespace has libraries of its own',
    make: (w) => {
      w.library('lib/liba.so');
      w.program('prog', {
        needs: ['lib/liba.so'],
        runpath: w.path('lib'),
        code: 'dlmopen(LM_ID_NEWLM, "liba.so", RTLD_NOW)',
      });
    },
    lookups: [
      'liba.so for prog: lib/liba.so by RUNPATH of prog',
      'dlopen liba.so for prog: lib/liba.so by RUNPATH of prog',
    ],
  },
  {
    rule: 'names may hold blanks and letters of any language',
    make: (w) => {
      w.library('a lib (1)/liba ü.so');
      w.program('prog', { needs: ['a lib (1)/liba ü.so'], runpath: w.path('a lib (1)') });
    },
    lookups: ['liba ü.so for prog: a lib (1)/liba ü.so by RUNPATH of prog'],
  },
];

/** Debian's name for the directory in /lib; elsewhere there is none, and it does not matter. */
const MULTIARCH = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
