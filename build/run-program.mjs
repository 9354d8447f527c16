// Starting a program and waiting for its end, for the scripts of the checkout.
import { spawn } from 'node:child_process';

/**
 * Gives `{ status, output }`: the exit status (null where a signal ended it or it could not be started, as `output` then
 * says) and what it printed, in order. With `shown`, what it prints goes to our own output instead. It has no standard
 * input. `options` are spawn's; where their `signal` aborts, the program is ended, and its end is still waited for.
 */
export function runProgram(command, args, { shown = false, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...options,
      stdio: shown ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => {
      // What was started and aborted ends with `close`; what was not has no other event.
      if (child.pid === undefined) resolve({ status: null, output: error.message });
    });
    child.once('close', (status, signal) => {
      const ended = signal === null ? '' : `\n${command} was ended by ${signal}`;
      resolve({ status, output: `${Buffer.concat(chunks)}${ended}`.trim() });
    });
  });
}
