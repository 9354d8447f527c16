/** Findings about ELF files in words, and what to do about them in Nix; the names are nixpkgs' and patchelf's own. */
import type { Elsewhere, LibraryFinding } from './library-findings.ts';

export interface FindingText {
  readonly text: string;
  /** What to do, the likeliest first; a line each. */
  readonly advice: readonly string[];
}

export function findingText(finding: LibraryFinding): FindingText {
  switch (finding.kind) {
    case 'missing-loader':
      return {
        text: `the loader ${finding.loader} does not exist in the sandbox, so the program cannot be started`,
        advice: [
          'of a program that comes built: autoPatchelfHook in nativeBuildInputs, or patchelf --set-interpreter "$(cat $NIX_CC/nix-support/dynamic-linker)"',
        ],
      };
    case 'missing-library': {
      const [first] = finding.elsewhere;
      return first === undefined
        ? {
            text: `${finding.library} is not found, and neither an output nor an input has it`,
            advice: [
              'add the package that has it to buildInputs (nix-locate finds it by its name); of a program that comes built, autoPatchelfHook then sets the path',
            ],
          }
        : foundElsewhere(finding.library, first);
    }
    case 'search-path':
      return pathText(finding);
    case 'two-places':
      return {
        text: `${finding.library} is loaded from two places: ${finding.paths.join(', ')}`,
        advice: ['let all inputs be built with the same version of it'],
      };
  }
}

function foundElsewhere(library: string, { path, place }: Elsewhere): FindingText {
  const directory = path.slice(0, path.lastIndexOf('/'));
  if (place === 'build') {
    return {
      text: `${library} is not found; it was built as ${path} and not installed`,
      advice: ['install it in installPhase, to $out/lib, and let RUNPATH name that'],
    };
  }
  const patch = `or in postFixup: patchelf --add-rpath ${directory} FILE`;
  return {
    text: `${library} is not found; it would be found with RUNPATH ${directory}`,
    advice:
      place === 'output'
        ? [`link with -Wl,-rpath,${directory}`, patch]
        : [
            'of a program that comes built: autoPatchelfHook in nativeBuildInputs, and the package of the library in buildInputs',
            `of one that is linked here: -Wl,-rpath,${directory}, or NIX_LDFLAGS = "-rpath ${directory}"`,
            patch,
          ],
  };
}

function pathText({
  problem,
  origin,
  directory,
}: Extract<LibraryFinding, { kind: 'search-path' }>): FindingText {
  const shrink = 'patchelf --shrink-rpath FILE in postFixup takes out what finds nothing';
  switch (problem) {
    case 'build-directory':
      return {
        text: `${origin} points to ${directory}, which is gone after the build; nixpkgs refuses such an output`,
        advice: [
          shrink,
          'or let the build link for where the library is installed: cmakeFlags = [ "-DCMAKE_SKIP_BUILD_RPATH=ON" ] where it is CMake',
        ],
      };
    case 'relative':
      return {
        text: `${origin} has ${directory}, which depends on where the program is started`,
        advice: ['name a directory beside the file with $ORIGIN, or take it out with patchelf'],
      };
    case 'absent':
      return { text: `${origin} has ${directory}, which does not exist`, advice: [shrink] };
    case 'unused':
      return {
        text: `${origin} has ${directory}, through which nothing is found`,
        advice: [`${shrink}; leave it where the program loads something from it with dlopen`],
      };
  }
}
