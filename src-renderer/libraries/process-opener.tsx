/** The sign of a process row that opens and closes what is below it. */
import { ChevronDownIcon, ChevronRightIcon } from '../look/icons.tsx';

export function ProcessOpener({
  open,
  onOpen,
}: {
  /** Null where nothing is below: an empty place. */
  readonly open: boolean | null;
  readonly onOpen: () => void;
}) {
  return (
    <span
      className="process-opener"
      aria-hidden="true"
      onClick={() => (open === null ? undefined : onOpen())}
    >
      {open === null ? null : open ? <ChevronDownIcon /> : <ChevronRightIcon />}
    </span>
  );
}
