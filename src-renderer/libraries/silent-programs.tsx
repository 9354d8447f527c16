/** Programs that ran and told of no lookup, with why: a quiet line below the others, and on demand a list. */
import type { LibrariesView } from '../../src-main/protocol/methods.ts';
import { printable } from '../look/printable.ts';

export function SilentPrograms({ silent }: { readonly silent: LibrariesView['silent'] }) {
  const { programs, untold } = silent;
  if (programs.length === 0 && untold.length === 0) return null;
  if (programs.length === 0) {
    return (
      <p className="silent-programs">
        Programs that told nothing are named where system calls are traced too.
      </p>
    );
  }
  const processes = programs.reduce((sum, one) => sum + one.processes, 0);
  return (
    <details className="silent-programs">
      <summary>
        {processes === 1 ? '1 process' : `${processes.toLocaleString('en')} processes`} told nothing
      </summary>
      <ul>
        {programs.map((one) => (
          <li key={`${one.phase} ${one.program}`}>
            <code>{printable(one.program)}</code> ×{one.processes.toLocaleString('en')} in{' '}
            {one.phase}: {printable(one.why)}
          </li>
        ))}
      </ul>
    </details>
  );
}
