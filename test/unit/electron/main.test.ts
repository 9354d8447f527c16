/** The main process against a stand-in for Electron: the calls that the window's safety rests on (DESIGN.md, section 10). */
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as electron from './stand-in.ts';
import { BrowserWindow, FakeContents, FakeProcess } from './stand-in.ts';

vi.mock('electron', async () => import('./stand-in.ts'));

const { app, dialog, ipcMain, protocol, session, shell } = electron;
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

describe('links', () => {
  test('are asked about, and followed only when agreed to', async () => {
    const argv = ['strata', 'strata://open?target=nixpkgs%23hello'];
    app.emit('second-instance', {}, argv);
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce());
    expect(theWindow().webContents.send).not.toHaveBeenCalled();

    dialog.showMessageBox.mockResolvedValueOnce({ response: 1 });
    app.emit('second-instance', {}, argv);
    await vi.waitFor(() =>
      expect(theWindow().webContents.send).toHaveBeenCalledWith('strata:event', {
        kind: 'open',
        target: 'nixpkgs#hello',
      }),
    );
  });
});

describe('the engine', () => {
  test('is started again when it dies, and the window is told', () => {
    const first = FakeProcess.made.at(-1);
    first?.emit('exit', 11);
    expect(FakeProcess.made.at(-1)).not.toBe(first);
    expect(theWindow().webContents.send).toHaveBeenCalledWith('strata:event', {
      kind: 'engine-lost',
      exitCode: 11,
    });
  });

  test('is not started for ever', async () => {
    FakeProcess.made.at(-1)?.emit('exit', 1);
    const last = FakeProcess.made.at(-1);
    last?.emit('exit', 1);
    expect(FakeProcess.made.at(-1)).toBe(last);
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce());
  });
});

test('pages made later are locked down too', () => {
  const contents = new FakeContents();
  app.emit('web-contents-created', {}, contents);
  expect(contents.openHandler?.({ url: 'app://strata/' })).toStrictEqual({ action: 'deny' });
});
