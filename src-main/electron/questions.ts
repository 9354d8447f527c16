/** What main asks the person, in windows of the system: the page may not answer, or may not be trusted to. */
import { dialog, type BrowserWindow } from 'electron';

/** A link can come from any page on the web: it is shown, and followed if the person says so. */
export async function mayOpen(target: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: 'Open this target in Strata?',
    detail: `${target}\n\nEvaluating it runs the Nix code it names. Nothing is built until you press Run.`,
    buttons: ['Cancel', 'Open'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

/** @param lastWords the end of what the engine printed. */
export async function shouldTryAgain(exitCode: number, lastWords: string): Promise<boolean> {
  const said = lastWords === '' ? '' : ` It said last:\n\n${lastWords}\n`;
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: 'The engine of Strata does not start',
    detail: `Its process ended with status ${exitCode} each time.${said}\nFinished phases are safe on the disk. \`strata doctor\` in a terminal says what this machine lacks.`,
    buttons: ['Quit', 'Try again'],
    defaultId: 1,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

/** Asked where the page has something to lose. It waits: Electron wants the answer before the event is over. */
export function mayClose(window: BrowserWindow): boolean {
  const response = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: 'Close the window?',
    detail:
      'What is not kept is lost with it: the changes in open shells, and text in the editor that is not saved. Stay, and keep what you need. A build goes on without its window.',
    buttons: ['Stay', 'Close'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}
