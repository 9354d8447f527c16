/** The traced processes: a list of which only what one sees is drawn, walked with the arrow keys. */
import { CheckIcon, CrossIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { processName, type ShownProcess } from './lookups.ts';
import { useRowList } from './use-row-list.ts';

export function ProcessList({
  processes,
  at,
  onChoose,
}: {
  readonly processes: readonly ShownProcess[];
  readonly at: number;
  readonly onChoose: (index: number) => void;
}) {
  const { scroller, virtualizer, onKeyDown } = useRowList(processes.length, at, onChoose);
  return (
    <div
      className="process-list"
      ref={scroller}
      role="listbox"
      aria-label="Processes"
      aria-activedescendant={`process-${at}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div style={{ blockSize: `${virtualizer.getTotalSize()}px`, position: 'relative' }}>
        {virtualizer.getVirtualItems().map(({ index, start, size }) => {
          const shown = processes[index];
          if (shown === undefined) return null;
          const { process, misses } = shown;
          const failed = misses > 0 || process.errors.length > 0;
          return (
            <div
              key={index}
              id={`process-${index}`}
              role="option"
              aria-selected={index === at}
              className={failed ? 'process process-failed' : 'process'}
              style={{ blockSize: `${size}px`, transform: `translateY(${start}px)` }}
              title={printable(process.program ?? '')}
              onClick={() => onChoose(index)}
            >
              {failed ? <CrossIcon /> : <CheckIcon />}
              <span className="process-name">{printable(processName(process))}</span>
              <span className="process-says">
                {misses > 0 ? `${misses} missing` : `${process.pid}`}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
