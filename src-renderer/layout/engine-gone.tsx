/** What is said across the window when the engine has gone and does not come back at once. */
import { WarningIcon } from '../look/icons.tsx';
import { useConnection } from '../store/connection.ts';
import './engine-gone.css';

export function EngineGone() {
  const { state, problem } = useConnection();
  // An engine that is merely started again is back with the first attempt.
  if (state !== 'lost' || problem === null) return null;
  return (
    <div className="engine-gone" role="alert">
      <WarningIcon />
      <p>
        <strong>The engine is gone.</strong> {problem}
      </p>
    </div>
  );
}
