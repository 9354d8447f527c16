/** The local variables of the functions a phase failed in, shown to a person as if the shell were still there. */
import { canonicalVariable, type Variable } from '../phases/declarations.ts';
import type { ShellState } from '../phases/shell-state.ts';

/** The state with what differs in it at the failure. Local names can be assigned to and declared again. */
export function withLocals(state: ShellState, failure: ShellState | null): ShellState {
  if (failure === null) return state;
  const variables = new Map<string, Variable>(state.variables);
  for (const [name, variable] of failure.variables) {
    if (canonicalVariable(variable) !== canonicalVariable(state.variables.get(name))) {
      variables.set(name, writable(variable));
    }
  }
  return { ...state, directory: failure.directory, variables };
}

/** A read-only local made global would forbid the function to declare its own again. */
function writable(variable: Variable): Variable {
  const statement = variable.statement.replace(/^declare -(\S+)/, (_, flags: string) => {
    const left = flags.replace('r', '');
    return `declare -${left === '' ? '-' : left}`;
  });
  return { ...variable, attributes: variable.attributes.replace('r', ''), statement };
}
