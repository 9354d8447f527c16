/** A stand-in for the `electron` module: it records what is asked of it, and its events are sent by the tests. */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { vi } from 'vitest';

export class FakeContents extends EventEmitter {
  readonly mainFrame = { url: 'app://strata/', postMessage: vi.fn() };
  readonly send = vi.fn();
  openHandler: ((details: { url: string }) => unknown) | null = null;
  setWindowOpenHandler(handler: (details: { url: string }) => unknown): void {
    this.openHandler = handler;
  }
  isDestroyed(): boolean {
    return false;
  }
}

export class BrowserWindow extends EventEmitter {
  static made: BrowserWindow[] = [];
  readonly webContents = new FakeContents();
  readonly options: { readonly webPreferences: Readonly<Record<string, unknown>> };
  readonly loadURL = vi.fn(async () => Promise.resolve());
  readonly show = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  readonly maximize = vi.fn();
  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    BrowserWindow.made.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  isDestroyed(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return false;
  }
  isMaximized(): boolean {
    return false;
  }
  getNormalBounds() {
    return { x: 0, y: 0, width: 1000, height: 700 };
  }
}

export class FakeProcess extends EventEmitter {
  static made: FakeProcess[] = [];
  readonly postMessage = vi.fn();
  readonly kill = vi.fn();
  readonly stderr = new PassThrough();
  readonly script: string;
  constructor(script: string) {
    super();
    this.script = script;
    FakeProcess.made.push(this);
  }
  /** Ends as Electron tells it: the exit comes before the rest of what was printed, and takes the listeners with it. */
  die(exitCode: number, said = ''): void {
    this.emit('exit', exitCode);
    this.stderr.removeAllListeners();
    setImmediate(() => this.stderr.end(said));
  }
}

class FakeApp extends EventEmitter {
  readonly enableSandbox = vi.fn();
  readonly quit = vi.fn();
  readonly setAsDefaultProtocolClient = vi.fn();
  readonly requestSingleInstanceLock = vi.fn(() => true);
  isPackaged = true;
  ready = true;
  isReady(): boolean {
    return this.ready;
  }
  async whenReady(): Promise<void> {
    return Promise.resolve();
  }
  getPath(): string {
    return '/nonexistent';
  }
}

export const app = new FakeApp();
export const ipcMain = new EventEmitter();
interface MessageBox {
  readonly message: string;
  readonly detail: string;
}

export const dialog = {
  showMessageBox: vi.fn<(options: MessageBox) => Promise<{ response: number }>>(async () =>
    Promise.resolve({ response: 0 }),
  ),
  showMessageBoxSync: vi.fn(() => 0),
  showOpenDialog: vi.fn(async () => Promise.resolve({ filePaths: [] as string[] })),
};
export const shell = { openExternal: vi.fn(async () => Promise.resolve()) };
export const session = {
  defaultSession: {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
    setDisplayMediaRequestHandler: vi.fn(),
  },
};
export const protocol = { registerSchemesAsPrivileged: vi.fn(), handle: vi.fn() };
export const Menu = {
  setApplicationMenu: vi.fn(),
  buildFromTemplate: vi.fn((template: unknown) => template),
};
export const nativeTheme = { shouldUseDarkColors: false };
export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};
export const utilityProcess = { fork: vi.fn((script: string) => new FakeProcess(script)) };
export class MessageChannelMain {
  readonly port1 = { end: 'engine' };
  readonly port2 = { end: 'window' };
}
export const webUtils = { getPathForFile: vi.fn<(file: object) => string>() };
export const contextBridge = { exposeInMainWorld: vi.fn() };
export const ipcRenderer = Object.assign(new EventEmitter(), { send: vi.fn() });
