/**
 * The dynamic section of an ELF file: what the loader is told. Read through the program headers, as the loader itself
 * does, so that files without section headers (`strip --strip-section-headers`) are no different.
 *
 * Format: System V ABI, chapters 4 and 5; elf.h of glibc 2.41 for the numbers.
 */

export interface ElfDynamic {
  readonly class: 'ELF32' | 'ELF64';
  /** `x86-64`, `AArch64`, …, or `machine N`. */
  readonly machine: string;
  /** `executable`, `position-independent executable`, `shared object`, `relocatable`, `core`, or `type N`. */
  readonly type: string;
  /** The loader that the kernel starts; null for what has none. */
  readonly interpreter: string | null;
  /** Libraries wanted, in their order. */
  readonly needed: readonly string[];
  /** Directories of DT_RPATH and DT_RUNPATH. */
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  readonly soname: string | null;
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;

const DT_NULL = 0;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_STRSZ = 10;
const DT_SONAME = 14;
const DT_RPATH = 15;
const DT_RUNPATH = 29;
const DT_FLAGS_1 = 0x6fff_fffb;

const ET_DYN = 3;
/** A flag of DT_FLAGS_1; GNU ld sets it since binutils 2.26. */
const DF_1_PIE = 0x0800_0000;

/** Bounds against made-up headers: real files have a dozen segments, and some hundred entries. */
const MOST_ENTRIES = 65_536;
const LONGEST_STRING = 64 * 1024;

const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'relocatable'],
  [2, 'executable'],
  [3, 'shared object'],
  [4, 'core'],
]);

const MACHINES: ReadonlyMap<number, string> = new Map([
  [2, 'SPARC'],
  [3, 'x86'],
  [8, 'MIPS'],
  [20, 'PowerPC'],
  [21, 'PowerPC64'],
  [22, 'S390'],
  [40, 'ARM'],
  [62, 'x86-64'],
  [183, 'AArch64'],
  [243, 'RISC-V'],
  [258, 'LoongArch'],
]);

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** What a file's headers say; null for what is no ELF file, or whose headers lead out of it. */
export function parseElf(bytes: Uint8Array): ElfDynamic | null {
  try {
    return readElf(bytes);
  } catch (error) {
    // A read outside of the file, or a number that no file can have.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readElf(bytes: Uint8Array): ElfDynamic | null {
  if (bytes.length < 52 || !hasMagic(bytes)) return null;
  const [, , , , width, order] = bytes;
  if ((width !== 1 && width !== 2) || (order !== 1 && order !== 2)) return null;
  const file = new ElfReader(bytes, width === 2, order === 1);
  const type = file.half(16);
  const machine = file.half(18);
  const segments = readSegments(file);
  const interpreter = segments.find((segment) => segment.type === PT_INTERP);
  const dynamic = readDynamic(file, segments);
  const strings = (tag: number): readonly string[] => dynamic.strings.get(tag) ?? [];
  const soname = strings(DT_SONAME)[0] ?? null;
  // Both kinds are ET_DYN. What is older than the flag is told by the loader it asks for; libraries that can be started as well,
  // such as libc.so.6, ask for one too, but have a name.
  const isProgram =
    (dynamic.flags & DF_1_PIE) !== 0 || (interpreter !== undefined && soname === null);
  return {
    class: file.wide ? 'ELF64' : 'ELF32',
    machine: MACHINES.get(machine) ?? `machine ${machine}`,
    type:
      type === ET_DYN && isProgram
        ? 'position-independent executable'
        : (TYPES.get(type) ?? `type ${type}`),
    interpreter:
      interpreter === undefined ? null : file.string(interpreter.offset, interpreter.size),
    needed: strings(DT_NEEDED),
    rpath: strings(DT_RPATH).flatMap(directories),
    runpath: strings(DT_RUNPATH).flatMap(directories),
    soname,
  };
}

function hasMagic([a, b, c, d]: Uint8Array): boolean {
  return a === 0x7f && b === 0x45 && c === 0x4c && d === 0x46;
}

function readSegments(file: ElfReader): readonly Segment[] {
  const offset = file.word(file.wide ? 32 : 28);
  const size = file.half(file.wide ? 54 : 42);
  const count = file.half(file.wide ? 56 : 44);
  if (count === 0) return [];
  return Array.from({ length: count }, (_, index) => {
    const at = offset + index * size;
    return {
      type: file.int(at),
      offset: file.word(at + (file.wide ? 8 : 4)),
      address: file.word(at + (file.wide ? 16 : 8)),
      size: file.word(at + (file.wide ? 32 : 16)),
    };
  });
}

interface Dynamic {
  /** By tag. */
  readonly strings: ReadonlyMap<number, readonly string[]>;
  /** DT_FLAGS_1; 0 where there are none. */
  readonly flags: number;
}

function readDynamic(file: ElfReader, segments: readonly Segment[]): Dynamic {
  const strings = new Map<number, string[]>();
  const section = segments.find(({ type }) => type === PT_DYNAMIC);
  if (section === undefined) return { strings, flags: 0 };
  const step = file.wide ? 16 : 8;
  const entries: (readonly [tag: number, value: number])[] = [];
  for (let at = 0; at + step <= section.size && entries.length < MOST_ENTRIES; at += step) {
    const tag = file.signed(section.offset + at);
    if (tag === DT_NULL) break;
    // Tags of the system and of the processor hold anything; ours are small, but for one.
    if ((tag > 0 && tag < 64) || tag === DT_FLAGS_1)
      entries.push([tag, file.word(section.offset + at + step / 2)]);
  }
  const values = new Map(entries);
  const flags = values.get(DT_FLAGS_1) ?? 0;
  const address = values.get(DT_STRTAB);
  const start = address === undefined ? null : fileOffset(segments, address);
  if (start === null) return { strings, flags };
  const length = values.get(DT_STRSZ) ?? Infinity;
  for (const [tag, value] of entries) {
    if (![DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH].includes(tag)) continue;
    if (value >= length) continue;
    strings.set(tag, [...(strings.get(tag) ?? []), file.string(start + value, length - value)]);
  }
  return { strings, flags };
}

/** Where in the file what is loaded at an address comes from. */
function fileOffset(segments: readonly Segment[], address: number): number | null {
  for (const segment of segments) {
    const within = address - segment.address;
    if (segment.type === PT_LOAD && within >= 0 && within < segment.size) {
      return segment.offset + within;
    }
  }
  return null;
}

function directories(path: string): readonly string[] {
  return path === '' ? [] : path.split(':');
}

/** Numbers of an ELF file. Every read is checked: a RangeError says that it leads out of the file. */
class ElfReader {
  readonly wide: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, wide: boolean, little: boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.wide = wide;
    this.#little = little;
  }

  half(at: number): number {
    return this.#view.getUint16(at, this.#little);
  }

  int(at: number): number {
    return this.#view.getUint32(at, this.#little);
  }

  /** An address or offset, as wide as the class has it. One beyond 2^53 is beyond any file. */
  word(at: number): number {
    return this.wide ? Number(this.#view.getBigUint64(at, this.#little)) : this.int(at);
  }

  signed(at: number): number {
    return this.wide
      ? Number(this.#view.getBigInt64(at, this.#little))
      : this.#view.getInt32(at, this.#little);
  }

  /** A text that ends in NUL, within `longest` bytes. */
  string(at: number, longest: number): string {
    if (at < 0 || at >= this.#bytes.length) throw new RangeError('outside of the file');
    const limit = Math.min(at + Math.min(longest, LONGEST_STRING), this.#bytes.length);
    const nul = this.#bytes.subarray(at, limit).indexOf(0);
    const end = nul < 0 ? limit : at + nul;
    return new TextDecoder().decode(this.#bytes.subarray(at, end));
  }
}
