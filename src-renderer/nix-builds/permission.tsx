/** Whether this user may use an option of a build by Nix. */
import type { PermittedOptionView } from '../../src-main/protocol/methods.ts';
import { WarningIcon } from '../look/icons.tsx';
import { printable, printableText } from '../look/printable.ts';
import './nix-builds.css';

/** Where this user may not, why and what allows it; nothing where they may. */
export function Permission({
  option,
}: {
  readonly option: Omit<PermittedOptionView, 'does'> | undefined;
}) {
  if (option === undefined || option.permission === 'allowed') return null;
  return (
    <div className="nix-permission" role="note">
      <WarningIcon />
      <div>
        <p>
          {option.permission === 'refused' ? 'Refused' : 'Without effect'}: {printable(option.why)}.
        </p>
        {option.remedy === null ? null : <pre>{printableText(option.remedy)}</pre>}
      </div>
    </div>
  );
}
