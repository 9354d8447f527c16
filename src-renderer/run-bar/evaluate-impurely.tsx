/** Beside an evaluation that failed as impure: the option of the run that lets it pass. */
import { impurityOf, isAllowedByImpure } from '../../src-main/protocol/impurity.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { Button } from '../look/button.tsx';
import { setWish, useWish } from '../store/wish.ts';

export function EvaluateImpurely({ error }: { readonly error: WireError }) {
  const isImpure = useWish(({ wish }) => wish.impure);
  const impurity = impurityOf(error.reason);
  if (isImpure || impurity === null || !isAllowedByImpure(impurity)) return null;
  return <Button onClick={() => setWish({ impure: true })}>Evaluate with --impure</Button>;
}
