/**
 * Electron's main process. It opens the window, starts the engine's process, joins the two by a port and does no work of its
 * own.
 */
import { join } from 'node:path';
import { app, dialog, ipcMain, session, type BrowserWindow, type IpcMainEvent } from 'electron';
import { registerAppScheme, serveAppScheme } from './app-scheme.ts';
import { channels } from './channels.ts';
import { openedBy, targetOfLink } from './deep-link.ts';
import { EngineHost } from './engine-host.ts';
import { denyPermissions, isOurs, lockDownPages } from './lock-down.ts';
import { setApplicationMenu } from './menu.ts';
import { openWorkbenchWindow, tell } from './workbench-window.ts';

/** dist/electron, where the bundles of main, preload and engine lie; the window is in dist/window. */
const here = import.meta.dirname;
/** The engine lends its hooks to sandboxes as files, so it lies outside of the archive that an installed Strata is in. */
const engineScript = join(here.replace(/\bapp\.asar\b/, 'app.asar.unpacked'), 'engine-process.mjs');
let window: BrowserWindow | null = null;
/** What was asked for before the window could take it. */
let waiting: string | null = null;

const engine = new EngineHost(engineScript, {
  onLost: (exitCode, willRestart) => {
    tell(window, { kind: 'engine-lost', exitCode });
    if (!willRestart) void sayEngineFails(exitCode);
  },
  onEnded: () => app.quit(),
});

if (app.requestSingleInstanceLock()) begin();
else app.quit();

function begin(): void {
  app.enableSandbox();
  registerAppScheme();
  lockDownPages();
  if (app.isPackaged) app.setAsDefaultProtocolClient('strata');
  app.on('second-instance', (_, argv) => {
    showWindow();
    void offerToOpen(openedBy(argv));
  });
  // macOS gives links and files this way, also before the app is ready.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    void offerToOpen(targetOfLink(url));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void offerToOpen(path);
  });
  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    // A build goes on without its window; starting Strata again brings the window back.
    if (process.platform !== 'darwin') engine.endWhenIdle();
  });
  app.on('will-quit', () => engine.kill());
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
    void offerToOpen(waiting ?? openedBy(process.argv));
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

function connectEngine(event: IpcMainEvent): void {
  const { senderFrame } = event;
  // The window's own page and no frame in it, and nothing of another origin.
  if (senderFrame === null || senderFrame !== window?.webContents.mainFrame) return;
  if (!isOurs(senderFrame.url)) return;
  senderFrame.postMessage(channels.enginePort, null, [engine.connect()]);
}

/** A link can come from any page on the web: it is shown, and followed if the person says so. */
async function offerToOpen(target: string | null): Promise<void> {
  if (target === null) return;
  if (!app.isReady()) {
    waiting = target;
    return;
  }
  showWindow();
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: 'Open this target in Strata?',
    detail: `${target}\n\nEvaluating it runs the Nix code it names. Nothing is built until you press Run.`,
    buttons: ['Cancel', 'Open'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (response === 1) tell(window, { kind: 'open', target });
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

async function sayEngineFails(exitCode: number): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: 'The engine of Strata does not start',
    detail: `Its process ended with status ${exitCode} each time. Finished phases are safe on the disk. \`strata doctor\` in a terminal says what this machine lacks.`,
    buttons: ['Quit', 'Try again'],
    defaultId: 1,
    cancelId: 0,
    noLink: true,
  });
  if (response === 1) engine.tryAgain();
  else app.quit();
}
