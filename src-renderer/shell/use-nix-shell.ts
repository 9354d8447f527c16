/** What is known of a nix-shell, and what it can be asked to run. */
import { useEffect, useState } from 'react';
import type { NixShellPhase, NixShellWork, StreamItem } from '../../src-main/protocol/methods.ts';
import { callEngine, listenEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { notify } from '../store/notices.ts';
import { ignoreLoss } from './shells.ts';

export type NixShellNews = StreamItem<'nixShell'>;

/** As it is told; what is known stays where the connection is lost. Null before that. */
export function useNixShell(shell: string): NixShellNews | null {
  const [news, setNews] = useState<NixShellNews | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    listenEngine('nixShell', { shell }, setNews, gone.signal).catch(ignoreLoss);
    return () => gone.abort();
  }, [shell]);
  return news;
}

/** Runs something at its prompt. */
export function askNixShell(shell: string, work: NixShellWork): void {
  callEngine('askNixShell', { shell, work }).catch((error: unknown) => {
    if (!isCancelled(error)) notify(errorParts(error));
  });
}

/** What is known of a phase, in words. */
export function phaseText(phase: NixShellPhase): string {
  switch (phase.state) {
    case 'waiting':
      return 'not run here yet';
    case 'skipped':
      return 'passed over by a build';
    case 'running':
      return 'running';
    case 'done':
      return 'succeeded here';
    case 'stale':
      return 'run before a phase that precedes it was run again';
    case 'failed':
      return `failed with status ${phase.status}`;
  }
}

/** Why nothing can be run now; null where it can. */
export function whyBusy({ phases, now }: NixShellNews): string | null {
  if (phases.some(({ state }) => state === 'running')) return 'A phase runs';
  switch (now) {
    case 'prompt':
      return null;
    case 'continued':
      return 'Half a command is typed';
    case 'command':
      return 'A command runs in the terminal';
  }
}
