/** The main process against a stand-in for Electron: the calls that the window's safety rests on (DESIGN.md, section 10). */
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as electron from './stand-in.ts';
import { BrowserWindow, FakeContents, FakeProcess } from './stand-in.ts';

vi.mock('electron', async () => import('./stand-in.ts'));

const { app, dialog, ipcMain, Menu, protocol, session, shell } = electron;
const ready = async () => vi.waitFor(() => expect(BrowserWindow.made).toHaveLength(1));

function theWindow(): BrowserWindow {
  const [window] = BrowserWindow.made;
  if (window === undefined) throw new Error('no window was made');
  return window;
}

function handlerOf(mock: { mock: { calls: unknown[][] } }): (...given: unknown[]) => unknown {
  return mock.mock.calls[0]?.[0] as (...given: unknown[]) => unknown;
}

beforeAll(async () => {
  await import('../../../src-main/electron/main.ts');
  await ready();
});

beforeEach(() => {
  dialog.showMessageBox.mockClear();
  theWindow().webContents.send.mockClear();
});

test('the sandbox is on for every page before the app is ready, and one instance runs', () => {
  expect(app.enableSandbox).toHaveBeenCalledOnce();
  expect(app.requestSingleInstanceLock).toHaveBeenCalledOnce();
});

test('the window is isolated, sandboxed and without Node', () => {
  expect(theWindow().options.webPreferences).toMatchObject({
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
  });
  expect(theWindow().loadURL).toHaveBeenCalledWith('app://strata/');
});

test('app:// is a secure origin that may not go around the content security policy', () => {
  expect(protocol.registerSchemesAsPrivileged).toHaveBeenCalledWith([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
});

describe('navigation', () => {
  test.each([
    ['app://strata/', false],
    ['https://example.org/', true],
    ['app://strata.example.org/', true],
    ['file:///etc/passwd', true],
    ['javascript:alert(1)', true],
  ])('to %s is prevented: %s', (url, prevented) => {
    const preventDefault = vi.fn();
    theWindow().webContents.emit('will-frame-navigate', { url, preventDefault });
    expect(preventDefault.mock.calls.length > 0).toBe(prevented);
  });

  test.each(['will-redirect', 'will-attach-webview'])('%s is prevented', (event) => {
    const preventDefault = vi.fn();
    theWindow().webContents.emit(event, { url: 'app://strata/', preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  test('new windows are denied; a page of the web is offered to the browser and opens only when agreed to', async () => {
    const open = theWindow().webContents.openHandler;
    expect(open?.({ url: 'https://nixos.org/' })).toStrictEqual({ action: 'deny' });
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce());
    expect(shell.openExternal).not.toHaveBeenCalled();

    dialog.showMessageBox.mockResolvedValueOnce({ response: 1 });
    open?.({ url: 'https://nixos.org/' });
    await vi.waitFor(() => expect(shell.openExternal).toHaveBeenCalledWith('https://nixos.org/'));
  });

  test.each(['file:///etc/passwd', 'strata://open?target=x', 'smb://host/x', 'nonsense'])(
    'other addresses are not even asked about: %s',
    async (url) => {
      expect(theWindow().webContents.openHandler?.({ url })).toStrictEqual({ action: 'deny' });
      await Promise.resolve();
      expect(dialog.showMessageBox).not.toHaveBeenCalled();
    },
  );
});

test('of all permissions the window has the clipboard alone, and a stranger has none', () => {
  const decided = (permission: string, url: string): boolean => {
    let answer = false;
    handlerOf(session.defaultSession.setPermissionRequestHandler)(
      { getURL: () => url },
      permission,
      (granted: boolean) => {
        answer = granted;
      },
    );
    return answer;
  };
  const permissions = [
    'clipboard-read',
    'clipboard-sanitized-write',
    'media',
    'openExternal',
    'hid',
  ];
  expect(permissions.filter((one) => decided(one, 'app://strata/'))).toStrictEqual([
    'clipboard-read',
    'clipboard-sanitized-write',
  ]);
  expect(permissions.filter((one) => decided(one, 'https://example.org/'))).toStrictEqual([]);
  const check = handlerOf(session.defaultSession.setPermissionCheckHandler);
  expect(check(null, 'geolocation', 'app://strata')).toBe(false);
  expect(check(null, 'clipboard-read', 'app://strata')).toBe(true);
  expect(handlerOf(session.defaultSession.setDevicePermissionHandler)({})).toBe(false);
});

describe('a connection to the engine', () => {
  test('is given to the page of the window', () => {
    const { mainFrame } = theWindow().webContents;
    ipcMain.emit('strata:connect-engine', { senderFrame: mainFrame });
    expect(FakeProcess.made[0]?.postMessage).toHaveBeenCalledWith({ kind: 'connect' }, [
      { end: 'engine' },
    ]);
    expect(mainFrame.postMessage).toHaveBeenCalledWith('strata:engine-port', null, [
      { end: 'window' },
    ]);
  });

  test.each([
    ['a frame in the page', { url: 'app://strata/', postMessage: vi.fn() }],
    ['a frame that is gone', null],
  ])('is not given to %s', (_, senderFrame) => {
    ipcMain.emit('strata:connect-engine', { senderFrame });
    expect(senderFrame?.postMessage ?? vi.fn()).not.toHaveBeenCalled();
  });

  test('is not given to the window while it shows something else', () => {
    const { mainFrame } = theWindow().webContents;
    mainFrame.postMessage.mockClear();
    mainFrame.url = 'https://example.org/';
    ipcMain.emit('strata:connect-engine', { senderFrame: mainFrame });
    mainFrame.url = 'app://strata/';
    expect(mainFrame.postMessage).not.toHaveBeenCalled();
  });
});

describe('links and files', () => {
  test('are asked about, and followed only when agreed to', async () => {
    const argv = ['strata', 'strata://open?target=nixpkgs%23hello'];
    app.emit('second-instance', {}, argv, '/');
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce());
    expect(theWindow().webContents.send).not.toHaveBeenCalled();

    dialog.showMessageBox.mockResolvedValueOnce({ response: 1 });
    app.emit('second-instance', {}, argv, '/');
    await vi.waitFor(() =>
      expect(theWindow().webContents.send).toHaveBeenCalledWith('strata:event', {
        kind: 'open',
        target: 'nixpkgs#hello',
      }),
    );
  });

  test('a file is where the second start was, and not where we are', async () => {
    dialog.showMessageBox.mockResolvedValueOnce({ response: 1 });
    app.emit('second-instance', {}, ['strata', 'a.drv'], '/home/me');
    await vi.waitFor(() =>
      expect(theWindow().webContents.send).toHaveBeenCalledWith('strata:event', {
        kind: 'open',
        target: '/home/me/a.drv',
      }),
    );
  });
});

describe('closing the window while the page has something to lose', () => {
  test.each([
    ['Stay', 0, false],
    ['Close', 1, true],
  ])('%s', (_, response, goes) => {
    dialog.showMessageBoxSync.mockReturnValueOnce(response);
    const preventDefault = vi.fn();
    theWindow().webContents.emit('will-prevent-unload', { preventDefault });
    expect(preventDefault.mock.calls.length > 0).toBe(goes);
  });
});

describe('the engine', () => {
  const engine = (): FakeProcess => {
    const last = FakeProcess.made.at(-1);
    if (last === undefined) throw new Error('no engine was started');
    return last;
  };
  const askForPort = (): number => {
    const { mainFrame } = theWindow().webContents;
    mainFrame.postMessage.mockClear();
    ipcMain.emit('strata:connect-engine', { senderFrame: mainFrame });
    return mainFrame.postMessage.mock.calls.length;
  };
  const lost = (exitCode: number, willRestart: boolean) =>
    ['strata:event', { kind: 'engine-lost', exitCode, willRestart }] as const;

  test('is started again when it dies, and the window is told', () => {
    const first = engine();
    first.die(11);
    expect(engine()).not.toBe(first);
    expect(theWindow().webContents.send).toHaveBeenCalledWith(...lost(11, true));
  });

  test('a fatal error of V8 in it is no exception in main', () => {
    expect(engine().emit('error', 'FatalError', 'v8', '{}')).toBe(true);
  });

  test('is not started for ever: not when the window asks either, until the person wants it', async () => {
    let answer: (answer: { response: number }) => void = () => undefined;
    dialog.showMessageBox.mockImplementationOnce(
      async () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    engine().die(1);
    const last = engine();
    last.die(1, 'Error: Cannot find module\n');
    expect(theWindow().webContents.send).toHaveBeenCalledWith(...lost(1, false));
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce());
    expect(dialog.showMessageBox.mock.calls[0]?.[0].detail).toContain('Error: Cannot find module');
    expect(askForPort()).toBe(0);
    expect(askForPort()).toBe(0);
    expect(engine()).toBe(last);
    expect(dialog.showMessageBox).toHaveBeenCalledOnce();

    answer({ response: 1 });
    await vi.waitFor(() => expect(engine()).not.toBe(last));
    // The page still waits for the connection that it asked for.
    await vi.waitFor(() =>
      expect(theWindow().webContents.mainFrame.postMessage).toHaveBeenCalledOnce(),
    );
  });

  test('closes before the application ends, which waits for it', () => {
    app.quit.mockClear();
    const preventDefault = vi.fn();
    app.emit('will-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    expect(engine().postMessage).toHaveBeenLastCalledWith({ kind: 'end' });
    expect(app.quit).not.toHaveBeenCalled();
    engine().die(0);
    expect(app.quit).toHaveBeenCalledOnce();
    app.emit('will-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });
});

test('no two items of the menu have the same key, those that Electron gives by itself included', () => {
  const [template] = Menu.buildFromTemplate.mock.calls[0] as [
    { submenu?: { role?: string; accelerator?: string }[] }[],
  ];
  const items = template.flatMap(({ submenu = [] }) => submenu);
  // Ctrl+Shift+I, the role's own key on Linux, is that of Format.
  expect(items.find(({ role }) => role === 'toggleDevTools')?.accelerator).toBe('CmdOrCtrl+Alt+I');
  const keys = items.flatMap(({ accelerator }) => accelerator ?? []);
  expect(new Set(keys).size).toBe(keys.length);
});

test('pages made later are locked down too', () => {
  const contents = new FakeContents();
  app.emit('web-contents-created', {}, contents);
  expect(contents.openHandler?.({ url: 'app://strata/' })).toStrictEqual({ action: 'deny' });
});
