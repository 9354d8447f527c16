/** One shell on screen: its terminal, the search in it, and its end. */
import { useEffect, useRef, useState } from 'react';
import type { StreamItem } from '../../src-main/protocol/methods.ts';
import { callEngine, listenEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { IconButton } from '../look/button.tsx';
import { TextField } from '../look/fields.tsx';
import { ChevronDownIcon, ChevronUpIcon, CrossIcon, SearchIcon } from '../look/icons.tsx';
import { useAtLeast } from '../look/use-at-least.ts';
import { NixShellPhases } from './nix-shell-phases.tsx';
import { enterShell, ignoreLoss, shellEnded, shellTakenOver, type ShellTab } from './shells.ts';
import type { OpenTerminal } from './terminal.ts';
import { askToOpen } from './link-question.tsx';
import { UnopenedShell } from './unopened-shell.tsx';

/** Lower than that (rem) a terminal needs every line for itself. */
const ROOM_FOR_A_ROW = 9;

export function TerminalView({
  tab,
  active,
}: {
  readonly tab: ShellTab;
  readonly active: boolean;
}) {
  const host = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<OpenTerminal | null>(null);
  const [search, setSearch] = useState<string | null>(null);
  const [matches, setMatches] = useState({ index: -1, count: 0 });
  const [least] = useState(
    () => ROOM_FOR_A_ROW * Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  );
  const [hasRoom, measured] = useAtLeast('height', least, true);
  const { id } = tab;

  useEffect(() => {
    const gone = new AbortController();
    let opened: OpenTerminal | null = null;
    void (async () => {
      const { openTerminal } = await import('./terminal.ts');
      if (gone.signal.aborted || host.current === null) return;
      let shell: string | null = null;
      opened = openTerminal(host.current, 'Terminal', {
        onInput: (data) => {
          if (shell !== null) void callEngine('shellInput', { shell, data }).catch(ignoreLoss);
        },
        onResize: (columns, rows) => {
          if (shell !== null) {
            void callEngine('shellResize', { shell, columns, rows }).catch(ignoreLoss);
          }
        },
        onSearch: () => setSearch((words) => words ?? ''),
        onLink: askToOpen,
        onMatches: (index, count) => setMatches({ index, count }),
      });
      setTerminal(opened);
      shell = await enterShell(id, opened.size());
      if (shell !== null) await follow(id, shell, opened, gone.signal);
    })();
    return () => {
      gone.abort();
      opened?.close();
    };
  }, [id]);

  useEffect(() => {
    if (active) terminal?.focus();
  }, [active, terminal]);

  const closeSearch = () => {
    setSearch(null);
    terminal?.endSearch();
  };
  const find = (words: string, direction: 'next' | 'previous', incremental = false) => {
    terminal?.find(words, direction, incremental);
  };
  return (
    <div className="terminal-view" ref={measured}>
      {search === null ? null : (
        <div className="terminal-search" role="search">
          <TextField
            label="Search in the terminal"
            icon={<SearchIcon />}
            autoFocus
            value={search}
            onChange={(words) => {
              setSearch(words);
              find(words, 'next', true);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Escape') closeSearch();
              if (event.key === 'Enter') find(search, event.shiftKey ? 'previous' : 'next');
            }}
            end={<span className="terminal-matches">{matchText(search, matches)}</span>}
          />
          <IconButton label="Previous match" onClick={() => find(search, 'previous')}>
            <ChevronUpIcon />
          </IconButton>
          <IconButton label="Next match" onClick={() => find(search, 'next')}>
            <ChevronDownIcon />
          </IconButton>
          <IconButton label="End the search" onClick={closeSearch}>
            <CrossIcon />
          </IconButton>
        </div>
      )}
      {tab.nixShell === null || tab.state.kind !== 'running' ? null : (
        <NixShellPhases
          shell={tab.state.shell}
          kept={tab.nixShell}
          place={hasRoom ? 'row' : active ? 'header' : 'none'}
          onRun={() => terminal?.focus()}
        />
      )}
      {tab.state.kind === 'failed' ? <UnopenedShell error={tab.state.error} /> : null}
      <div className="terminal-host" ref={host} hidden={tab.state.kind === 'failed'} />
      {tab.state.kind === 'ended' ? (
        <p className="terminal-end" role="status">
          {endText(tab.state.exitCode, tab)}
        </p>
      ) : null}
    </div>
  );
}

/** Shows what the shell prints until it ends, through losses of the connection. */
async function follow(
  tab: string,
  shell: string,
  terminal: OpenTerminal,
  signal: AbortSignal,
): Promise<void> {
  let isAgain = false;
  const end: { exitCode: number | null } = { exitCode: null };
  const onItem = async (item: StreamItem<'shell'>) => {
    if (item.kind === 'exit') {
      end.exitCode = item.exitCode;
      return;
    }
    // The engine tells again what was before: it takes the place of what is here.
    if (isAgain) terminal.clear();
    isAgain = false;
    await terminal.write(item.data);
  };
  for (;;) {
    try {
      await listenEngine('shell', { shell }, onItem, signal);
      if (end.exitCode === null) {
        shellTakenOver(tab);
        return;
      }
      break;
    } catch (error) {
      if (isCancelled(error)) return;
      const { code, reason } = errorParts(error);
      isAgain = code === 'disconnected';
      if (isAgain) continue;
      // An engine that has restarted knows nothing of the shell, and the line below says so.
      if (code !== 'not-found') await terminal.write(`\r\n${reason}\r\n`);
      break;
    }
  }
  terminal.freeze();
  shellEnded(tab, shell, end.exitCode);
}

function endText(exitCode: number | null, { nixShell, isLayered }: ShellTab): string {
  if (exitCode === null) return 'The engine ended, and this shell with it.';
  const ended = `The shell ended with status ${exitCode}`;
  if (nixShell !== null) return `${ended}; ${nixShell} is kept.`;
  return isLayered ? `${ended}. Close the tab, and what it changed can be kept.` : `${ended}.`;
}

function matchText(words: string, { index, count }: { index: number; count: number }): string {
  if (words === '') return '';
  if (count === 0) return 'none';
  return index === -1 ? `${count}` : `${index + 1} of ${count}`;
}
