/** The one window: a sandboxed page without Node that shows dist/window. */
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { DesktopEvent } from '../protocol/desktop-bridge.ts';
import { appOrigin } from './app-scheme.ts';
import { channels } from './channels.ts';
import { mayClose } from './questions.ts';
import { openingBounds, readWindowState, smallest, writeWindowState } from './window-state.ts';

/** The surface before the page has painted: `--surface-window` of the look. */
const background = { light: '#eceef2', dark: '#0b0d11' } as const;

/**
 * @param preload the bundled preload script.
 * @param stateFile where its place on the screen is remembered.
 */
export function openWorkbenchWindow(preload: string, stateFile: string): BrowserWindow {
  const saved = readWindowState(stateFile);
  const window = new BrowserWindow({
    ...openingBounds(
      saved,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    ),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Strata',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload,
      // All of these are Electron's defaults; they are written out because the window's safety rests on them.
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (saved?.maximised === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.webContents.on('will-prevent-unload', (event) => {
    // To prevent the default, which is to stay, is to let the page go.
    if (mayClose(window)) event.preventDefault();
  });
  window.on('close', () =>
    writeWindowState(stateFile, {
      bounds: window.getNormalBounds(),
      maximised: window.isMaximized(),
    }),
  );
  void window.loadURL(`${appOrigin}/`);
  return window;
}

/** Tells the window something; a window that is gone hears nothing. */
export function tell(window: BrowserWindow | null, event: DesktopEvent): void {
  if (window !== null && !window.isDestroyed()) window.webContents.send(channels.event, event);
}
