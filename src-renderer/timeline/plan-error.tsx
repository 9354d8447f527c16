/** Why nothing can be planned or built, with what one can open instead. */
import type { WireError } from '../../src-main/protocol/wire.ts';
import { Button } from '../look/button.tsx';
import { ErrorState } from '../look/states.tsx';
import { EvaluateImpurely } from '../run-bar/evaluate-impurely.tsx';
import { openTarget, useWish } from '../store/wish.ts';

/** More are chosen in the run bar's field, which is searched. */
const MOST_OFFERED = 40;

export function PlanError({
  error,
  onAgain,
}: {
  readonly error: WireError;
  readonly onAgain: () => void;
}) {
  const target = useWish(({ wish }) => wish.target);
  // A derivation that failed on the way is no attribute of the target.
  if (error.choices.every((one) => one.endsWith('.drv'))) {
    return (
      <ErrorState
        error={error}
        actions={
          <>
            <EvaluateImpurely error={error} />
            <Button onClick={onAgain}>Try again</Button>
          </>
        }
      />
    );
  }
  const offered = error.choices.slice(0, MOST_OFFERED);
  const more = error.choices.length - offered.length;
  return (
    <ErrorState
      error={{
        ...error,
        advice: `Choose one${more > 0 ? `; ${more} more are in the field Attribute` : ''}:`,
      }}
      actions={offered.map((name) => (
        <Button key={name} onClick={() => openTarget(target, name)}>
          {name}
        </Button>
      ))}
    />
  );
}
