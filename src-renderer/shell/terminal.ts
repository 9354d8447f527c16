/** xterm with its addons as the shell pane needs it; the rest of the pane knows nothing of xterm. */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { copyText } from '../look/copy-text.ts';
import { onThemeChange } from '../look/theme.ts';
import { matchDecorations, terminalTheme } from './terminal-theme.ts';

export interface TerminalEvents {
  /** What the person types or pastes. */
  readonly onInput: (data: string) => void;
  readonly onResize: (columns: number, rows: number) => void;
  /** Ctrl+F. */
  readonly onSearch: () => void;
  /** A link was clicked; its address is what a program printed. */
  readonly onLink: (address: string) => void;
  /** Matches of the search: which one is in view (from 0; -1 for none) of how many. */
  readonly onMatches: (index: number, count: number) => void;
}

export interface OpenTerminal {
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Resolves when the terminal has taken it: whoever waits for that does not flood it. */
  readonly write: (data: string) => Promise<void>;
  /** As a terminal that has just been opened. */
  readonly clear: () => void;
  readonly focus: () => void;
  /** Typing has no effect any more. */
  readonly freeze: () => void;
  readonly find: (words: string, direction: 'next' | 'previous', incremental: boolean) => void;
  readonly endSearch: () => void;
  readonly close: () => void;
}

/** Lines above the screen that can be scrolled back to. */
const SCROLLBACK = 20_000;

export function openTerminal(
  host: HTMLElement,
  label: string,
  events: TerminalEvents,
): OpenTerminal {
  const style = getComputedStyle(host);
  const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const terminal = new Terminal({
    allowProposedApi: true,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: style.getPropertyValue('--font-mono').trim(),
    fontSize: Math.round(root * 0.8125),
    lineHeight: 1.2,
    // Programs choose colours for a background they do not know.
    minimumContrastRatio: 4.5,
    screenReaderMode: true,
    scrollback: SCROLLBACK,
    theme: terminalTheme(),
    // Links of OSC 8, whose text need not be their address.
    linkHandler: { activate: (_, address) => events.onLink(address) },
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new WebLinksAddon((_, address) => events.onLink(address)));
  terminal.open(host);
  terminal.textarea?.setAttribute('aria-label', label);
  drawWithWebgl(terminal);
  terminal.attachCustomKeyEventHandler((event) => handledByTerminal(terminal, event, events));
  terminal.onData(events.onInput);
  terminal.onResize(({ cols, rows }) => events.onResize(cols, rows));
  search.onDidChangeResults(({ resultIndex, resultCount }) =>
    events.onMatches(resultIndex, resultCount),
  );
  const stopFitting = keepFitted(host, fit);
  const stopTheme = onThemeChange(() => {
    terminal.options.theme = terminalTheme();
  });
  return {
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    write: async (data) => new Promise((resolve) => terminal.write(data, resolve)),
    clear: () => terminal.reset(),
    focus: () => terminal.focus(),
    freeze: () => {
      terminal.options.disableStdin = true;
      terminal.options.cursorBlink = false;
    },
    find: (words, direction, incremental) => {
      const options = { incremental, decorations: matchDecorations() };
      if (direction === 'next') search.findNext(words, options);
      else search.findPrevious(words, options);
    },
    endSearch: () => {
      search.clearDecorations();
      terminal.clearSelection();
      terminal.focus();
    },
    close: () => {
      stopFitting();
      stopTheme();
      terminal.dispose();
    },
  };
}

/** The fast way to draw where the machine has it; a context that is lost goes back to drawing elements. */
function drawWithWebgl(terminal: Terminal): void {
  try {
    const webgl = new WebglAddon();
    webgl.onContextLoss(() => webgl.dispose());
    terminal.loadAddon(webgl);
  } catch {
    // No WebGL 2 here: xterm's own renderer is there already.
  }
}

/** As many columns and rows as there is room for, whenever the room changes. A hidden terminal keeps its size. */
function keepFitted(host: HTMLElement, fit: FitAddon): () => void {
  let frame = 0;
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (host.clientWidth > 0 && host.clientHeight > 0) fit.fit();
    });
  });
  if (host.clientWidth > 0 && host.clientHeight > 0) fit.fit();
  observer.observe(host);
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
  };
}

/** False for the keys that are the pane's and not the program's in the terminal. */
function handledByTerminal(
  terminal: Terminal,
  event: KeyboardEvent,
  events: TerminalEvents,
): boolean {
  if (event.type !== 'keydown' || !event.ctrlKey || event.altKey || event.metaKey) return true;
  const key = event.key.toLowerCase();
  if (event.shiftKey && key === 'c') {
    event.preventDefault();
    if (terminal.hasSelection()) void copyText(terminal.getSelection());
    return false;
  }
  if (event.shiftKey && key === 'v') {
    event.preventDefault();
    void navigator.clipboard.readText().then(
      (text) => terminal.paste(text),
      // The browser did not allow it: its own menu, or Shift+Insert, still pastes.
      () => undefined,
    );
    return false;
  }
  if (!event.shiftKey && key === 'f') {
    event.preventDefault();
    events.onSearch();
    return false;
  }
  return true;
}
