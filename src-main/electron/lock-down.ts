/**
 * What no page of ours may do, whatever it was made to run. test/unit/electron/security-checklist.test.ts goes through
 * Electron's checklist item by item.
 */
import { app, dialog, shell, type Session, type WebContents } from 'electron';
import { appOrigin } from './app-scheme.ts';

/** For every page that will ever be made: to be called before the first. */
export function lockDownPages(): void {
  app.on('web-contents-created', (_, contents) => {
    // A change of address, by a link, a script, a dropped file or a redirection, in the window or a frame of it.
    contents.on('will-frame-navigate', (event) => {
      if (!isOurs(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      void offerToOpen(url, contents);
      return { action: 'deny' };
    });
  });
}

/**
 * The two permissions the window has a use for are to write to the clipboard and, for pasting into a terminal, to read it.
 * All others are refused without a question, and so is every device.
 */
export function denyPermissions(session: Session): void {
  const allowed = new Set(['clipboard-sanitized-write', 'clipboard-read']);
  session.setPermissionRequestHandler((contents, permission, callback) =>
    callback(allowed.has(permission) && isOurs(contents.getURL())),
  );
  session.setPermissionCheckHandler(
    (_, permission, origin) => allowed.has(permission) && isOurs(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_, callback) => callback(null));
}

/** Whether an address is one of the window's own. */
export function isOurs(address: string): boolean {
  return address === appOrigin || address.startsWith(`${appOrigin}/`);
}

/** A link in a log or a terminal is text a build printed: the browser opens it only after the person has read it. */
async function offerToOpen(address: string, contents: WebContents): Promise<void> {
  const url = URL.parse(address);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return;
  if (contents.isDestroyed()) return;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: 'Open this address in your browser?',
    detail: url.href,
    buttons: ['Cancel', 'Open'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (response === 1) await shell.openExternal(url.href);
}
