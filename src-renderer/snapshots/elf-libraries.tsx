/** Whether an ELF file would find what it needs, worked out from the files of its state: beside each name, and what is wrong. */
import type { CallResult } from '../../src-main/protocol/methods.ts';
import { originName } from '../libraries/lookups.ts';
import { classNames } from '../look/class-names.ts';
import { CheckIcon, CrossIcon, WarningIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { shortStoreNames } from '../../src-main/protocol/store-name.ts';

type LibraryCheck = CallResult<'checkLibraries'>;

/** Where a needed library would be found; nothing where it is not looked for, as the loader has it already. */
export function NeededOutcome({
  library,
  check: { files },
}: {
  readonly library: string;
  readonly check: LibraryCheck;
}) {
  const [file] = files;
  const lookup = file?.lookups.find((one) => one.library === library);
  if (lookup === undefined) return null;
  const { found, through } = lookup;
  if (found === null) {
    return (
      <span className="elf-outcome elf-outcome-missing">
        <CrossIcon /> not found
      </span>
    );
  }
  return (
    <span className="elf-outcome" title={printable(found)}>
      <CheckIcon />
      <span>
        {printable(shortStoreNames(found))}
        {through === null ? '' : `, ${originName(through.origin)}`}
      </span>
    </span>
  );
}

export function ElfFindings({ check: { findings } }: { readonly check: LibraryCheck }) {
  if (findings.length === 0) return null;
  return (
    <div className="elf-findings" role="group" aria-label="Findings">
      {findings.map(({ text, advice, serious }, index) => (
        <div key={index} className={classNames('elf-finding', serious && 'elf-finding-serious')}>
          {serious ? <CrossIcon /> : <WarningIcon />}
          <div>
            <p>{printable(shortStoreNames(text))}</p>
            {advice.map((line) => (
              <p key={line} className="elf-advice">
                {printable(line)}
              </p>
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
