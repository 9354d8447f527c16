/** What to do in Nix about something that the sandbox does not show; the names are nixpkgs' and Nix's own. */
import type { Suspect } from './suspects.ts';

interface Remedy {
  readonly of: RegExp;
  readonly advice: readonly string[];
}

/** The machine's drivers, which a package finds while it runs. */
const DRIVER: Remedy = {
  of: /^\/run\/[^/]*(?:driver|opengl)|\/(?:dri|vulkan|glvnd|OpenCL)(?:\/|$)/,
  advice: [
    'the driver is the machine’s: let the program look for it at run time, with addDriverRunpath in nativeBuildInputs',
    'a test that needs it cannot run in the sandbox: doCheck = false, or leave that test out',
  ],
};

/** By path, the first that fits. */
const REMEDIES: readonly Remedy[] = [
  DRIVER,
  {
    of: /^\/dev\/(?:kvm|dri|nvidia|kfd|fuse)/,
    advice: [
      'a device is a feature of the machine that builds: requiredSystemFeatures = [ "kvm" ] where it is /dev/kvm',
      'or leave out the test that needs it',
    ],
  },
  {
    of: /^\/(?:usr\/)?s?bin\//,
    advice: [
      'scripts that name a program by such a path are mended by patchShebangs; others by substituteInPlace',
      'the program itself belongs into nativeBuildInputs',
    ],
  },
  {
    of: /^\/usr\/share\/zoneinfo|^\/etc\/localtime/,
    advice: ['add tzdata to nativeBuildInputs, and export TZDIR=${tzdata}/share/zoneinfo'],
  },
  {
    of: /^\/usr\/lib\/locale|locale-archive/,
    advice: ['export LOCALE_ARCHIVE=${glibcLocales}/lib/locale/locale-archive, or LC_ALL=C.UTF-8'],
  },
  {
    of: /^\/etc\/(?:ssl|pki|ca-certificates)/,
    advice: ['add cacert to nativeBuildInputs: it sets SSL_CERT_FILE'],
  },
  {
    of: /^\/(?:home|root)(?:\/|$)/,
    advice: ['give the build a home of its own: export HOME=$TMPDIR'],
  },
  {
    of: /^\/(?:etc|sys)(?:\/|$)/,
    advice: [
      'a build that asks the machine about itself builds otherwise elsewhere: patch the question out, or leave out the test that asks it',
    ],
  },
  {
    of: /\.so(?:\.|$)|\/lib(?:64)?(?:\/|$)/,
    advice: [
      'add the package of the library to buildInputs; of a program that comes built, autoPatchelfHook sets the path',
      'one that is loaded while it runs is found through its RUNPATH: makeWrapper with --prefix LD_LIBRARY_PATH, or patchelf --add-rpath',
    ],
  },
];

const NETWORK = [
  'fetch what is needed beforehand, in a derivation of its own with an outputHash: only such may use the network',
  'leave out tests that connect: doCheck = false, or the option of the test runner that selects them',
];

/** The program looks there as addDriverRunpath would have it. */
const DRIVER_NAMED = [
  'a test that needs the machine’s driver cannot run in the sandbox: doCheck = false, or leave that test out',
  'the program itself is well: its search path names the directory, so it finds the driver on a machine that has it',
];

const INTERPRETER = [
  'mend the script before it is started: patchShebangs FILE, in the phase before; that of fixupPhase comes too late for the build itself',
  'or start it with its interpreter, such as bash FILE; the interpreter belongs into nativeBuildInputs',
];

const LOADER = [
  'of a program that comes built: autoPatchelfHook in nativeBuildInputs, or patchelf --set-interpreter "$(cat $NIX_CC/nix-support/dynamic-linker)" before it is started',
];

/** The likeliest first; the last says how to go on for now. */
export function remediesFor(suspect: Suspect): readonly string[] {
  const { kind, path, asked, isOutside } = suspect;
  if (kind === 'network' || path === null) {
    return [
      ...NETWORK,
      'for now: strata run --network; for Nix itself __noChroot = true, with sandbox = relaxed',
    ];
  }
  const known =
    kind === 'interpreter'
      ? INTERPRETER
      : kind === 'loader'
        ? LOADER
        : [path, ...asked].flatMap((one) => adviceOn(one, suspect));
  return [
    ...new Set(known),
    // What is not there cannot be shown.
    `${isOutside ? 'for now' : 'once this machine has it'}: strata run --bind ${path}; for Nix itself extra-sandbox-paths = ${path}`,
  ];
}

function adviceOn(path: string, { origin }: Suspect): readonly string[] {
  const remedy = REMEDIES.find(({ of }) => of.test(path));
  const isNamed = origin === 'RUNPATH' || origin === 'RPATH';
  return remedy === DRIVER && isNamed ? DRIVER_NAMED : (remedy?.advice ?? []);
}
