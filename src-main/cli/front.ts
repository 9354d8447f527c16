/** What every command of the command line works with: the streams, how they may be written to, and who called. */
import { Screen } from './terminal/screen.ts';
import { styleFor, type Style } from './terminal/style.ts';
import { invocation } from './terminal/invocation.ts';

/** 0 success, 1 the build failed, 2 usage or environment, 130 stopped; of `shell` the command's own. */
export type ExitStatus = number;

export interface Front {
  readonly out: Screen;
  readonly err: Screen;
  readonly style: Style;
  readonly errStyle: Style;
  /** How the person calls Strata: `strata`, `npx strata`. */
  readonly strata: string;
}

export function openFront(): Front {
  const { stdout, stderr, env, argv } = process;
  return {
    out: new Screen(stdout),
    err: new Screen(stderr),
    style: styleFor(stdout, env),
    errStyle: styleFor(stderr, env),
    strata: invocation(argv[1] ?? 'strata', env, process.cwd()),
  };
}
