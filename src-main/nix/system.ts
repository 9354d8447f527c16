/** Nix's names of systems and Go's of architectures, which images use (image-spec v1.1, config.md, "architecture"). */

export interface Architecture {
  readonly architecture: string;
  readonly variant?: string;
}

const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x86_64: { architecture: 'amd64' },
  i686: { architecture: '386' },
  aarch64: { architecture: 'arm64' },
  armv6l: { architecture: 'arm', variant: 'v6' },
  armv7l: { architecture: 'arm', variant: 'v7' },
  riscv64: { architecture: 'riscv64' },
  powerpc64le: { architecture: 'ppc64le' },
  s390x: { architecture: 's390x' },
  loongarch64: { architecture: 'loong64' },
};

/** The architecture of a system such as `x86_64-linux`; of one that is unknown, Nix's own name. */
export function architectureOf(system: string): Architecture {
  const [processor = system] = system.split('-');
  return ARCHITECTURES[processor] ?? { architecture: processor };
}
