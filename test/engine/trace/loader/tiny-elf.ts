/**
 * Shared libraries and programs of a few bytes, made by the C compiler, and what no linker makes: files with a wrong header.
 * Every program ends by telling which files the kernel says are mapped into it: what the loader really did.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Why nothing can be made here; null where it can. */
export function compilerRefusal(): string | null {
  const { error, status } = spawnSync('cc', ['--version']);
  return error !== undefined || status !== 0 ? 'no C compiler on PATH' : null;
}

export interface Parts {
  /**
   * Libraries it is linked with, by their files from the workshop's directory; what it then needs is their sonames, or of one
   * without a soname the path as it stands here.
   */
  readonly needs?: readonly string[];
  /** DT_RUNPATH, DT_RPATH. */
  readonly runpath?: string;
  readonly rpath?: string;
  /** Its file name where nothing is said; null for none. */
  readonly soname?: string | null;
  readonly code?: string;
  /** Of the linker. */
  readonly options?: readonly string[];
}

const OPEN = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
`;

const PROGRAM = `${OPEN}
static void *open_library(const char *name) {
  void *library = dlopen(name, RTLD_NOW);
  if (library == NULL) fprintf(stderr, "%s\\n", dlerror());
  return library;
}
/* /proc/self/maps, added to the file PID in the directory MAPS. */
static void tell_maps(const char *program) {
  char line[8192];
  snprintf(line, sizeof line, "%s/%d", getenv("MAPS"), (int)getpid());
  FILE *told = fopen(line, "a"), *maps = fopen("/proc/self/maps", "r");
  fprintf(told, "program %s\\n", program);
  while (fgets(line, sizeof line, maps) != NULL) fputs(line, told);
  fclose(told);
  fclose(maps);
}
`;

/** What a program does whose code says nothing else: dlopen for each of its arguments. */
const OPEN_ARGUMENTS = 'for (char **name = argv + 1; *name != NULL; name++) open_library(*name);';

export class Workshop {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** A path from the root. */
  path(name: string): string {
    return join(this.directory, name);
  }

  /** Its code is a whole file; it can call what dlfcn.h, stdio.h and unistd.h declare. */
  library(file: string, { soname = basename(file), code = '', ...parts }: Parts = {}): void {
    const named = soname === null ? [] : [`-Wl,-soname,${soname}`];
    const source = code === '' ? 'int tiny;' : `${OPEN}${code}`;
    this.#compile(file, source, ['-shared', '-fPIC', '-nodefaultlibs', ...named], parts);
  }

  /** Its code is the body of main(), before the maps are told. */
  program(file: string, { code = OPEN_ARGUMENTS, ...parts }: Omit<Parts, 'soname'> = {}): void {
    const main = `int main(int argc, char **argv) { ${code}; tell_maps(argv[0]); }`;
    this.#compile(file, `${PROGRAM}${main}`, [], parts);
  }

  text(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  folder(name: string): void {
    mkdirSync(this.path(name), { recursive: true });
  }

  link(file: string, to: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    symlinkSync(to, this.path(file));
  }

  /** A library whose header claims something else: the byte at a place of Elf64_Ehdr (elf.h) is another. */
  libraryWithHeader(file: string, at: number, byte: number): void {
    this.library(file);
    const bytes = readFileSync(this.path(file));
    bytes.writeUInt8(byte, at);
    writeFileSync(this.path(file), bytes);
  }

  /**
   * Gives a file with an RPATH of two directories a RUNPATH of the second as well, which linkers no longer do: in a spare
   * entry of its dynamic section, with the end of the RPATH's text.
   */
  addRunpath(file: string, first: string): void {
    const bytes = readFileSync(this.path(file));
    const word = (at: number): number => Number(bytes.readBigUInt64LE(at));
    const headers = Array.from({ length: bytes.readUInt16LE(56) }, (_, i) => word(32) + i * 56);
    const dynamic = headers.find((at) => bytes.readUInt32LE(at) === PT_DYNAMIC);
    if (dynamic === undefined) throw new Error(`${file} has no dynamic section`);
    let rpath: number | null = null;
    for (let at = word(dynamic + 8); ; at += 16) {
      const tag = word(at);
      if (tag === DT_RPATH) rpath = word(at + 8);
      if (tag !== 0) continue;
      if (rpath === null || word(at + 16) !== 0) throw new Error(`no room in ${file}`);
      bytes.writeBigUInt64LE(BigInt(DT_RUNPATH), at);
      bytes.writeBigUInt64LE(BigInt(rpath + first.length + 1), at + 8);
      break;
    }
    writeFileSync(this.path(file), bytes);
  }

  #compile(file: string, source: string, mode: readonly string[], parts: Parts): void {
    const { needs = [], runpath, rpath, options = [] } = parts;
    mkdirSync(dirname(this.path(file)), { recursive: true });
    const paths = [
      ...(runpath === undefined ? [] : ['-Wl,--enable-new-dtags', `-Wl,-rpath,${runpath}`]),
      ...(rpath === undefined ? [] : ['-Wl,--disable-new-dtags', `-Wl,-rpath,${rpath}`]),
    ];
    // What a library of a case needs may be nowhere, on purpose.
    const linking = ['-Wl,--no-as-needed', '-Wl,--unresolved-symbols=ignore-all'];
    const input = ['-x', 'c', '-', '-x', 'none', ...needs, '-Wl,--as-needed', '-ldl'];
    const { status, stderr } = spawnSync(
      'cc',
      ['-w', ...mode, '-o', file, ...linking, ...paths, ...options, ...input],
      { cwd: this.directory, input: source, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`cc: ${stderr}`);
  }
}

const PT_DYNAMIC = 2;
const DT_RPATH = 15;
const DT_RUNPATH = 29;

/** Offsets in e_ident and of e_machine, and what there says of another machine than any that runs these tests. */
export const HEADER = { class: 4, machine: 18 } as const;
export const ELFCLASS32 = 1;
/** Motorola 68000 (elf.h). */
export const EM_68K = 4;
