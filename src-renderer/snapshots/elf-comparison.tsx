/** What an ELF file asks of the loader: its dynamic section before and now, side by side. */
import type { CallResult } from '../../src-main/protocol/methods.ts';
import { diffSequences } from '../../src-main/protocol/sequence-diff.ts';
import { callEngine } from '../connection/connection.ts';
import { classNames } from '../look/class-names.ts';
import { printable } from '../look/printable.ts';
import { ErrorState, Loading } from '../look/states.tsx';
import { ElfFindings, NeededOutcome } from './elf-libraries.tsx';
import { useAnswer } from './use-answer.ts';

type LibraryCheck = CallResult<'checkLibraries'>;
type Elf = NonNullable<CallResult<'elf'>>;

export function ElfComparison({
  path,
  old,
  now,
}: {
  readonly path: string;
  /** The snapshots; null where the file is not there or no ELF file. */
  readonly old: string | null;
  readonly now: string | null;
}) {
  const answer = useAnswer(`${path}\n${old ?? ''}\n${now ?? ''}`, async (signal) => {
    const ask = async (snapshot: string | null) =>
      snapshot === null ? null : callEngine('elf', { snapshot, path }, signal);
    const [before, after] = await Promise.all([ask(old), ask(now)]);
    return { before, after };
  });
  // What would be found is asked for apart: the dynamic section is there at once, and stays where the inputs are gone.
  const shown = now ?? old;
  const checked = useAnswer(shown === null ? null : `${path}\n${shown}`, async (signal) =>
    callEngine('checkLibraries', { snapshot: shown ?? '', path }, signal),
  );
  const check = checked.kind === 'there' ? checked.value : null;
  if (answer.kind === 'waiting') return <Loading label="Reading the dynamic section" />;
  if (answer.kind === 'failed') return <ErrorState error={answer.error} />;
  const { before, after } = answer.value;
  return (
    <div className="elf" tabIndex={0} role="group" aria-label="Dynamic section">
      <table className="elf-table">
        <caption className="visually-hidden">Dynamic section of {printable(path)}</caption>
        <thead>
          <tr>
            <td />
            {before === null ? null : <th scope="col">Before</th>}
            {after === null ? null : <th scope="col">{before === null ? 'Value' : 'Now'}</th>}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(({ label, says, values }) => (
            <ElfRow
              key={label}
              check={says === 'DT_NEEDED' ? check : null}
              label={label}
              says={says}
              before={before === null ? null : values(before)}
              after={after === null ? null : values(after)}
            />
          ))}
        </tbody>
      </table>
      {check === null ? null : <ElfFindings check={check} />}
    </div>
  );
}

const ROWS: readonly {
  readonly label: string;
  readonly says: string;
  readonly values: (elf: Elf) => readonly string[];
}[] = [
  { label: 'Kind', says: '', values: (elf) => [`${elf.class} ${elf.machine}, ${elf.type}`] },
  { label: 'Interpreter', says: 'PT_INTERP', values: (elf) => single(elf.interpreter) },
  { label: 'Name', says: 'DT_SONAME', values: (elf) => single(elf.soname) },
  { label: 'Needed libraries', says: 'DT_NEEDED', values: (elf) => elf.needed },
  { label: 'RPATH', says: 'DT_RPATH', values: (elf) => elf.rpath },
  { label: 'RUNPATH', says: 'DT_RUNPATH', values: (elf) => elf.runpath },
];

function ElfRow({
  label,
  says,
  before,
  after,
  check,
}: {
  readonly label: string;
  readonly says: string;
  readonly before: readonly string[] | null;
  readonly after: readonly string[] | null;
  /** What is found of these values in the newer state; null where nothing is to be said. */
  readonly check: LibraryCheck | null;
}) {
  const steps = before === null || after === null ? null : diffSequences(before, after);
  const side = (values: readonly string[], without: 'added' | 'removed') =>
    steps?.filter(({ kind }) => kind !== without) ??
    values.map((text) => ({ kind: 'same' as const, text }));
  return (
    <tr>
      <th scope="row">
        {label}
        {says === '' ? null : <span className="elf-says">{says}</span>}
      </th>
      {before === null ? null : (
        <ElfValues values={side(before, 'added')} check={after === null ? check : null} />
      )}
      {after === null ? null : <ElfValues values={side(after, 'removed')} check={check} />}
    </tr>
  );
}

function ElfValues({
  values,
  check,
}: {
  readonly values: readonly { readonly kind: string; readonly text: string }[];
  readonly check: LibraryCheck | null;
}) {
  return (
    <td>
      {values.length === 0 ? (
        <span className="elf-none">none</span>
      ) : (
        <ul className="elf-values">
          {values.map(({ kind, text }, at) => (
            <li key={at} className={classNames(kind !== 'same' && `elf-${kind}`)}>
              <code>{printable(text)}</code>
              {kind === 'same' ? null : <span className="visually-hidden"> ({kind})</span>}
              {check === null ? null : <NeededOutcome library={text} check={check} />}
            </li>
          ))}
        </ul>
      )}
    </td>
  );
}

function single(value: string | null): readonly string[] {
  return value === null ? [] : [value];
}
