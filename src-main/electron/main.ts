/**
 * Electron's main process. It opens the window, starts the engine's process, joins the two by a port and does no work of its
 * own.
 */
import { join } from 'node:path';
import {
  app,
  dialog,
  ipcMain,
  session,
  type BrowserWindow,
  type IpcMainEvent,
  type WebFrameMain,
} from 'electron';
import { registerAppScheme, serveAppScheme } from './app-scheme.ts';
import { channels } from './channels.ts';
import { openedBy, targetOfFile, targetOfLink } from './deep-link.ts';
import { EngineHost, type EngineDeath } from './engine-host.ts';
import { denyPermissions, isOurs, lockDownPages } from './lock-down.ts';
import { setApplicationMenu } from './menu.ts';
import { mayOpen, shouldTryAgain } from './questions.ts';
import { openWorkbenchWindow, tell } from './workbench-window.ts';

/** dist/electron, where the bundles of main, preload and engine lie; the window is in dist/window. */
const here = import.meta.dirname;
/** The engine lends its hooks to sandboxes as files, so it lies outside of the archive that an installed Strata is in. */
const engineScript = join(here.replace(/\bapp\.asar\b/, 'app.asar.unpacked'), 'engine-process.mjs');
let window: BrowserWindow | null = null;
/** What was asked for before the window could take it. */
let waiting: string | null = null;
/** The page that asked for a connection while there was no engine to connect to. */
let unanswered: WebFrameMain | null = null;

const engine = new EngineHost(engineScript, {
  onLost: (death) => {
    const { exitCode, willRestart } = death;
    tell(window, { kind: 'engine-lost', exitCode, willRestart });
    if (!willRestart) void sayEngineFails(death);
  },
  onEnded: () => app.quit(),
});

if (app.requestSingleInstanceLock()) begin();
else app.quit();

function begin(): void {
  // A terminal that started us may be gone, and with it the reader of what is printed.
  process.stderr.on('error', () => undefined);
  app.enableSandbox();
  registerAppScheme();
  lockDownPages();
  if (app.isPackaged) app.setAsDefaultProtocolClient('strata');
  app.on('second-instance', (_, argv, directory) => {
    showWindow();
    void offerToOpen(openedBy(argv, directory));
  });
  // macOS gives links and files this way, also before the app is ready.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    void offerToOpen(targetOfLink(url));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void offerToOpen(targetOfFile(path, '/'));
  });
  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    // A build goes on without its window; starting Strata again brings the window back.
    if (process.platform !== 'darwin') engine.endWhenIdle();
  });
  // Electron ends what it forked when it ends itself: the engine first stops its builds and closes its shells, and
  // `onEnded` quits again.
  app.on('will-quit', (event) => {
    if (engine.end()) event.preventDefault();
  });
  ipcMain.on(channels.connectEngine, connectEngine);
  void app.whenReady().then(() => {
    denyPermissions(session.defaultSession);
    serveAppScheme(join(here, '../window'));
    setApplicationMenu(
      {
        perform: (action) => tell(window, { kind: 'action', action }),
        openFile: () => void chooseFile(),
      },
      process.platform,
    );
    engine.start();
    showWindow();
    void offerToOpen(waiting ?? openedBy(process.argv, process.cwd()));
  });
}

function showWindow(): void {
  if (!app.isReady()) return;
  engine.stay();
  if (window === null || window.isDestroyed()) {
    const opened = openWorkbenchWindow(
      join(here, 'preload.cjs'),
      join(app.getPath('userData'), 'window.json'),
    );
    opened.on('closed', () => {
      if (window === opened) window = null;
    });
    window = opened;
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
}

function connectEngine({ senderFrame }: IpcMainEvent): void {
  if (senderFrame !== null) giveConnection(senderFrame);
}

function giveConnection(page: WebFrameMain): void {
  // The window's own page and no frame in it, and nothing of another origin.
  if (page !== window?.webContents.mainFrame || !isOurs(page.url)) return;
  const port = engine.connect();
  unanswered = port === null ? page : null;
  if (port !== null) page.postMessage(channels.enginePort, null, [port]);
}

async function offerToOpen(target: string | null): Promise<void> {
  if (target === null) return;
  if (!app.isReady()) {
    waiting = target;
    return;
  }
  showWindow();
  if (await mayOpen(target)) tell(window, { kind: 'open', target });
}

async function chooseFile(): Promise<void> {
  showWindow();
  const { filePaths } = await dialog.showOpenDialog({
    title: 'Open',
    properties: ['openFile'],
    filters: [
      { name: 'Nix expressions and derivations', extensions: ['nix', 'drv'] },
      { name: 'All files', extensions: ['*'] },
    ],
  });
  const [target] = filePaths;
  if (target !== undefined) tell(window, { kind: 'open', target });
}

async function sayEngineFails({ exitCode, lastWords }: EngineDeath): Promise<void> {
  if (!(await shouldTryAgain(exitCode, await lastWords))) {
    app.quit();
    return;
  }
  engine.tryAgain();
  if (unanswered !== null) giveConnection(unanswered);
}
