/**
 * Electron's security checklist (docs/tutorial/security.md, 20 items), item by item: each with what checks it, or with the
 * reason why it does not apply. The calls of the main process are checked against a stand-in for Electron.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { contentSecurityPolicy } from '../../../src-main/protocol/content-security-policy.ts';
import * as electron from './stand-in.ts';
import { BrowserWindow, FakeContents, FakeProcess } from './stand-in.ts';

vi.mock('electron', async () => import('./stand-in.ts'));

const { app, contextBridge, dialog, ipcMain, protocol, session, shell } = electron;

beforeAll(async () => {
  vi.stubGlobal('window', { location: { origin: 'app://strata' }, postMessage: vi.fn() });
  await import('../../../src-main/electron/preload.ts');
  await import('../../../src-main/electron/main.ts');
  await vi.waitFor(() => expect(BrowserWindow.made).toHaveLength(1));
});

beforeEach(() => {
  dialog.showMessageBox.mockClear();
});

function theWindow(): BrowserWindow {
  const [window] = BrowserWindow.made;
  if (window === undefined) throw new Error('no window was made');
  return window;
}

/** What the window was made with. */
const preferences = () => theWindow().options.webPreferences;

function handlerOf(mock: { mock: { calls: unknown[][] } }): (...given: unknown[]) => unknown {
  return mock.mock.calls[0]?.[0] as (...given: unknown[]) => unknown;
}

/** The policy's sources by directive. */
const policy = new Map(
  contentSecurityPolicy.split('; ').map((line): [string, string[]] => {
    const [directive = '', ...sources] = line.split(' ');
    return [directive, sources];
  }),
);

/** The files of main and of the window that hold a word. */
function filesWith(word: RegExp): readonly string[] {
  return ['src-main/electron', 'src-renderer']
    .flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name)),
    )
    .filter((name) => /\.(tsx?|html)$/.test(name) && word.test(readFileSync(name, 'utf8')));
}

const items: number[] = [];
function item(number: number, title: string, checks: () => void): void {
  items.push(number);
  describe(`${number}. ${title}`, checks);
}

item(1, 'only load secure content', () => {
  test('nothing is loaded but what is ours: from app://, or written down in the page itself', () => {
    const all = new Set([...policy.values()].flat());
    expect([...all].sort()).toStrictEqual(["'none'", "'self'", "'unsafe-inline'", 'data:']);
    expect(policy.get('default-src')).toStrictEqual(["'none'"]);
    expect(theWindow().loadURL.mock.calls).toStrictEqual([['app://strata/']]);
  });
});

item(2, 'no Node.js integration for remote content', () => {
  test('there is no remote content, and no Node.js in any page, frame or worker', () => {
    expect(preferences()).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
    });
  });
});

item(3, 'context isolation', () => {
  test('is on', () => expect(preferences()).toMatchObject({ contextIsolation: true }));
});

item(4, 'process sandboxing', () => {
  test('is on for the window, and before it for every page there may be', () => {
    expect(preferences()).toMatchObject({ sandbox: true });
    expect(app.enableSandbox).toHaveBeenCalledOnce();
  });
});

item(5, 'handle permission requests', () => {
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
  const asked = ['clipboard-read', 'clipboard-sanitized-write', 'media', 'openExternal', 'hid'];

  test('of all permissions the window has the clipboard alone, and a stranger has none', () => {
    expect(asked.filter((one) => decided(one, 'app://strata/'))).toStrictEqual([
      'clipboard-read',
      'clipboard-sanitized-write',
    ]);
    expect(asked.filter((one) => decided(one, 'https://example.org/'))).toStrictEqual([]);
    const check = handlerOf(session.defaultSession.setPermissionCheckHandler);
    expect(check(null, 'geolocation', 'app://strata')).toBe(false);
    expect(check(null, 'clipboard-read', 'app://strata')).toBe(true);
  });

  test('no device is given, and no screen', () => {
    expect(handlerOf(session.defaultSession.setDevicePermissionHandler)({})).toBe(false);
    const streams = vi.fn();
    handlerOf(session.defaultSession.setDisplayMediaRequestHandler)(
      { videoRequested: true },
      streams,
    );
    expect(streams.mock.calls).toStrictEqual([[null]]);
  });
});

item(6, 'do not disable webSecurity', () => {
  test('it is on', () => expect(preferences()).toMatchObject({ webSecurity: true }));
});

item(7, 'a content security policy', () => {
  test('scripts and workers are our own files; none is in the page, none is made from text', () => {
    expect(policy.get('script-src')).toStrictEqual(["'self'"]);
    expect(policy.get('worker-src')).toStrictEqual(["'self'"]);
    // Monaco and xterm style their lines so; a style runs nothing.
    const inline = [...policy].filter(([, from]) => from.includes("'unsafe-inline'"));
    expect(inline.map(([directive]) => directive)).toStrictEqual(['style-src']);
  });
  // That every answer of app:// carries it: app-scheme.test.ts. That it holds in a browser: test/e2e.
});

item(8, 'do not enable allowRunningInsecureContent', () => {
  test('it is off', () =>
    expect(preferences()).toMatchObject({ allowRunningInsecureContent: false }));
});

item(9, 'do not enable experimental features', () => {
  test('they are off', () => expect(preferences()).toMatchObject({ experimentalFeatures: false }));
});

item(10, 'do not use enableBlinkFeatures', () => {
  test('it is not used, nor are the switches that do the same', () => {
    expect(preferences()).not.toHaveProperty('enableBlinkFeatures');
    expect(filesWith(/enableBlinkFeatures|appendSwitch|appendArgument/)).toStrictEqual([]);
  });
});

item(11, 'do not use allowpopups for webviews', () => {
  test('does not apply: there is no <webview>, and none can be made', () => {
    expect(preferences()).toMatchObject({ webviewTag: false });
    expect(filesWith(/<webview|allowpopups/)).toStrictEqual([]);
  });
});

item(12, 'verify webview options before creation', () => {
  test('none is created', () => {
    const preventDefault = vi.fn();
    theWindow().webContents.emit('will-attach-webview', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });
});

item(13, 'limit navigation', () => {
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

  test('a redirection is prevented wherever it leads, and a dropped file leads nowhere', () => {
    const preventDefault = vi.fn();
    theWindow().webContents.emit('will-redirect', { url: 'app://strata/', preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    expect(preferences()).toMatchObject({ navigateOnDragDrop: false });
  });
});

item(14, 'limit creation of new windows', () => {
  test('none is made, by the window or by any page made later', () => {
    const later = new FakeContents();
    app.emit('web-contents-created', {}, later);
    for (const contents of [theWindow().webContents, later]) {
      expect(contents.openHandler?.({ url: 'app://strata/' })).toStrictEqual({ action: 'deny' });
    }
  });
});

item(15, 'do not use shell.openExternal with untrusted content', () => {
  test('a page of the web is shown to the person, and opens only when agreed to', async () => {
    const open = theWindow().webContents.openHandler;
    open?.({ url: 'https://nixos.org/' });
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce());
    expect(shell.openExternal).not.toHaveBeenCalled();

    dialog.showMessageBox.mockResolvedValueOnce({ response: 1 });
    open?.({ url: 'https://nixos.org/' });
    await vi.waitFor(() => expect(shell.openExternal).toHaveBeenCalledWith('https://nixos.org/'));
  });

  test.each(['file:///etc/passwd', 'strata://open?target=x', 'smb://host/x', 'nonsense'])(
    'other addresses are not even asked about: %s',
    async (url) => {
      theWindow().webContents.openHandler?.({ url });
      await Promise.resolve();
      expect(dialog.showMessageBox).not.toHaveBeenCalled();
    },
  );
});

item(16, 'a current version of Electron', () => {
  test('it is pinned, so that what was tested is what is packed; a new one is a change of package.json', () => {
    const { devDependencies } = createRequire(import.meta.url)('../../../package.json') as {
      devDependencies: Record<string, string>;
    };
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

item(17, 'validate the sender of all IPC messages', () => {
  test('there is one message, and the page of the window is answered', () => {
    expect(ipcMain.eventNames()).toStrictEqual(['strata:connect-engine']);
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
  ])('%s is not', (_, senderFrame) => {
    const connections = FakeProcess.made[0]?.postMessage.mock.calls.length;
    ipcMain.emit('strata:connect-engine', { senderFrame });
    expect(FakeProcess.made[0]?.postMessage.mock.calls.length).toBe(connections);
    expect(senderFrame?.postMessage ?? vi.fn()).not.toHaveBeenCalled();
  });

  test('the window is not, while it shows something else', () => {
    const { mainFrame } = theWindow().webContents;
    mainFrame.postMessage.mockClear();
    mainFrame.url = 'https://example.org/';
    ipcMain.emit('strata:connect-engine', { senderFrame: mainFrame });
    mainFrame.url = 'app://strata/';
    expect(mainFrame.postMessage).not.toHaveBeenCalled();
  });
});

item(18, 'avoid file://, prefer custom protocols', () => {
  test('app:// is a secure origin of its own, which may not go around the policy', () => {
    expect(protocol.registerSchemesAsPrivileged).toHaveBeenCalledWith([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
    expect(filesWith(/\.loadFile\(|loadURL\([`'"]file:/)).toStrictEqual([]);
  });
});

item(19, 'check which fuses you can change', () => {
  const ofBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  const { load } = ofBuilder('js-yaml') as {
    load: (text: string) => { electronFuses: Record<string, boolean>; asarUnpack: string[] };
  };
  const { electronFuses, asarUnpack } = load(readFileSync('electron-builder.yml', 'utf8'));

  test('each is set, so that none is left to a default that changes', () => {
    expect(electronFuses).toStrictEqual({
      // The binary is our application and nothing else: no Node, no debugger, by no variable and no argument.
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      // Only the archive that was packed is loaded.
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      // No page of ours comes from file://.
      grantFileProtocolExtraPrivileges: false,
      // The window sets no cookies; should one of its libraries, it is not readable for other programs.
      enableCookieEncryption: true,
      // It loads `browser_v8_context_snapshot.bin`, which is not made: main has no code worth a snapshot.
      loadBrowserProcessSpecificV8Snapshot: false,
      // An ad-hoc signature is made again after the fuses are set, without which macOS on ARM starts nothing.
      resetAdHocDarwinSignature: true,
    });
  });

  test('outside of the archive, and of its integrity check, lies only what must be a file', () => {
    // The engine binds the hooks of resources/ into sandboxes and starts node-pty's helper; both it finds beside itself.
    // Who can write there can replace the binary too: the packages install it all for root alone.
    expect(asarUnpack).toStrictEqual([
      'dist/electron/engine-process.mjs',
      'resources/**',
      'package.json',
      'node_modules/node-pty/**',
    ]);
  });
});

item(20, 'do not expose Electron APIs to untrusted web content', () => {
  test('the page gets three functions of our own', () => {
    expect(contextBridge.exposeInMainWorld.mock.calls.length).toBe(1);
    const [name, bridge] = contextBridge.exposeInMainWorld.mock.calls[0] as [string, object];
    expect([name, Object.keys(bridge)]).toStrictEqual([
      'strataDesktop',
      ['connectEngine', 'pathOf', 'onEvent'],
    ]);
  });
  // That listeners do not get Electron's event: preload.test.ts.
});

test('the list is whole', () => {
  expect(items).toStrictEqual(Array.from({ length: 20 }, (_, at) => at + 1));
});
