/** The main process against a stand-in for Electron. What the window's safety rests on is in security-checklist.test.ts. */
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as electron from './stand-in.ts';
import { BrowserWindow, FakeProcess } from './stand-in.ts';

vi.mock('electron', async () => import('./stand-in.ts'));

const { app, dialog, ipcMain, Menu } = electron;
const ready = async () => vi.waitFor(() => expect(BrowserWindow.made).toHaveLength(1));

function theWindow(): BrowserWindow {
  const [window] = BrowserWindow.made;
  if (window === undefined) throw new Error('no window was made');
  return window;
}

beforeAll(async () => {
  await import('../../../src-main/electron/main.ts');
  await ready();
});

beforeEach(() => {
  dialog.showMessageBox.mockClear();
  theWindow().webContents.send.mockClear();
});

test('one instance runs', () => {
  expect(app.requestSingleInstanceLock).toHaveBeenCalledOnce();
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
    const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    engine().die(1);
    const last = engine();
    last.die(1, 'Error: Cannot find module\n');
    expect(theWindow().webContents.send).toHaveBeenCalledWith(...lost(1, false));
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce());
    expect(dialog.showMessageBox.mock.calls[0]?.[0].detail).toContain('Error: Cannot find module');
    expect(String(printed.mock.calls[0]?.[0])).toBe('Error: Cannot find module\n');
    printed.mockRestore();
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
