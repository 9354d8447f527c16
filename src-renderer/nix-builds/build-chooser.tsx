/** The build's title; where there are several builds by Nix, a menu of them. */
import { Button } from '../look/button.tsx';
import { CheckIcon, ChevronDownIcon, CrossIcon, PauseIcon, PlayIcon } from '../look/icons.tsx';
import { Menu } from '../look/menu.tsx';
import { printable } from '../look/printable.ts';
import { targetTitle } from '../run-bar/target-path.ts';
import { showNixBuild, useNixBuilds, type ShownBuild } from '../store/nix-builds.ts';

export function BuildChooser({ build }: { readonly build: ShownBuild }) {
  const builds = useNixBuilds((state) => state.builds);
  const title = (
    <span className="nix-build-title" title={printable(build.title)}>
      {printable(targetTitle(build.title))}
    </span>
  );
  if (builds.length < 2) return title;
  return (
    <Menu
      entries={builds.map((one) => ({
        kind: 'action',
        label: `${printable(targetTitle(one.title))}, ${timeOfDay(one.since)}`,
        icon: <BuildSign build={one} />,
        act: () => showNixBuild(one.id),
      }))}
    >
      <Button
        look="ghost"
        className="nix-build-chooser"
        aria-label={`Build by Nix: ${build.title}`}
      >
        {title}
        <ChevronDownIcon />
      </Button>
    </Menu>
  );
}

/** How a build stands, in a menu. */
function BuildSign({ build: { live, paused, end } }: { readonly build: ShownBuild }) {
  if (paused !== null) return <PauseIcon />;
  if (live) return <PlayIcon />;
  // Of one that was not looked at since the window was loaded anew, nothing is known.
  if (end === null) return null;
  return end.event === 'finished' && end.status === 'succeeded' ? <CheckIcon /> : <CrossIcon />;
}

function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString('en', { hour12: false });
}
