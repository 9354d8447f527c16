/**
 * The system calls that Nix forbids its builders (setting `filter-syscalls`; Nix 2.8 to 2.34,
 * src/libstore/…/local-derivation-goal.cc, `setupSeccomp`): making set-uid and set-gid files, which would be programs of
 * whoever runs Strata, and setting extended attributes, which the store could not keep. Strata forbids one thing more:
 * typing into the terminal (ioctls TIOCSTI and TIOCLINUX), since a person's shell in a snapshot shares theirs.
 *
 * The filter is a program of classic BPF (Linux, include/uapi/linux/{filter,seccomp,audit}.h), in the byte order of the
 * machine; all machines named here are little-endian.
 */

/** An instruction whose jumps name labels; null goes on to the next. */
interface Instruction {
  readonly code: number;
  readonly value: number;
  readonly ifTrue: string | null;
  readonly ifFalse: string | null;
}

type Line = Instruction | { readonly label: string };

interface Architecture {
  /** AUDIT_ARCH_… */
  readonly audit: number;
  /** Numbers of the calls that change a mode, with the place of the mode among the arguments. */
  readonly chmod: readonly (readonly [number: number, argument: number])[];
  /** Numbers of the calls that set an extended attribute. */
  readonly setxattr: readonly number[];
  readonly ioctl: number;
}

/** Linux: arch/x86/entry/syscalls, include/uapi/asm-generic/unistd.h, arch/arm/tools/syscall.tbl. */
const ARCHITECTURES: readonly Architecture[] = [
  {
    audit: 0xc000003e, // x86_64
    chmod: [
      [90, 1], // chmod
      [91, 1], // fchmod
      [268, 2], // fchmodat
      [452, 2], // fchmodat2
    ],
    setxattr: [188, 189, 190, 463],
    ioctl: 16,
  },
  {
    audit: 0x40000003, // i386
    chmod: [
      [15, 1],
      [94, 1],
      [306, 2],
      [452, 2],
    ],
    setxattr: [226, 227, 228, 463],
    ioctl: 54,
  },
  {
    audit: 0xc00000b7, // aarch64, which has no chmod
    chmod: [
      [52, 1],
      [53, 2],
      [452, 2],
    ],
    setxattr: [5, 6, 7, 463],
    ioctl: 29,
  },
  {
    audit: 0x40000028, // arm
    chmod: [
      [15, 1],
      [94, 1],
      [333, 2],
      [452, 2],
    ],
    setxattr: [226, 227, 228, 463],
    ioctl: 54,
  },
];

/** Offsets in struct seccomp_data. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const argumentOffset = (index: number): number => 16 + 8 * index;

const LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
const JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const JUMP_IF_SET = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const RETURN = 0x06; // BPF_RET | BPF_K

const ALLOW = 0x7fff0000; // SECCOMP_RET_ALLOW
const ERRNO = 0x00050000; // SECCOMP_RET_ERRNO
const EPERM = 1;
const ENOTSUP = 95;
const ENOSYS = 38;
const SET_ID_BITS = 0o6000;
/** TIOCSTI and TIOCLINUX (Linux, include/uapi/asm-generic/ioctls.h). */
const TYPING = [0x5412, 0x541c];
/** The x32 calls of x86_64 have numbers of their own, with this bit; hardly a kernel has them, and no builder needs them. */
const X32_BIT = 0x40000000;
const X86_64 = 0xc000003e;

/** The filter, as bubblewrap's `--seccomp` reads it. */
export function seccompProgram(): Buffer {
  const lines: Line[] = [load(ARCHITECTURE)];
  for (const { audit } of ARCHITECTURES)
    lines.push(jump(JUMP_IF_EQUAL, audit, `on ${audit}`, null));
  lines.push({ label: 'allow' }, give(ALLOW));
  for (const architecture of ARCHITECTURES) lines.push(...architectureLines(architecture));
  lines.push({ label: 'no xattr' }, give(ERRNO | ENOTSUP));
  lines.push({ label: 'not permitted' }, give(ERRNO | EPERM));
  lines.push({ label: 'no x32' }, give(ERRNO | ENOSYS));
  return assemble(lines);
}

function architectureLines({ audit, chmod, setxattr, ioctl }: Architecture): Line[] {
  const lines: Line[] = [{ label: `on ${audit}` }, load(NUMBER)];
  if (audit === X86_64) lines.push(jump(JUMP_IF_SET, X32_BIT, 'no x32', null));
  for (const number of setxattr) lines.push(jump(JUMP_IF_EQUAL, number, 'no xattr', null));
  for (const [number, argument] of chmod) {
    const next = `not ${number} on ${audit}`;
    lines.push(
      jump(JUMP_IF_EQUAL, number, null, next),
      load(argumentOffset(argument)),
      jump(JUMP_IF_SET, SET_ID_BITS, 'not permitted', null),
      give(ALLOW),
      { label: next },
    );
  }
  const last = `no ioctl on ${audit}`;
  lines.push(jump(JUMP_IF_EQUAL, ioctl, null, last), load(argumentOffset(1)));
  for (const request of TYPING) lines.push(jump(JUMP_IF_EQUAL, request, 'not permitted', null));
  return [...lines, { label: last }, give(ALLOW)];
}

function load(offset: number): Line {
  return { code: LOAD, value: offset, ifTrue: null, ifFalse: null };
}

function jump(code: number, value: number, ifTrue: string | null, ifFalse: string | null): Line {
  return { code, value, ifTrue, ifFalse };
}

function give(action: number): Line {
  return { code: RETURN, value: action, ifTrue: null, ifFalse: null };
}

/** struct sock_filter: 16 bits of code, two 8-bit distances, 32 bits of value. */
function assemble(lines: readonly Line[]): Buffer {
  const places = new Map<string, number>();
  const instructions: Instruction[] = [];
  for (const line of lines) {
    if ('label' in line) places.set(line.label, instructions.length);
    else instructions.push(line);
  }
  const program = Buffer.alloc(instructions.length * 8);
  instructions.forEach(({ code, value, ifTrue, ifFalse }, index) => {
    const distance = (label: string | null): number =>
      label === null ? 0 : (places.get(label) ?? NaN) - index - 1;
    program.writeUInt16LE(code, index * 8);
    program.writeUInt8(distance(ifTrue), index * 8 + 2);
    program.writeUInt8(distance(ifFalse), index * 8 + 3);
    program.writeUInt32LE(value, index * 8 + 4);
  });
  return program;
}
