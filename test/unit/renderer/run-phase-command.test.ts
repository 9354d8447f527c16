import { expect, it } from 'vitest';
import { runPhaseCommand } from '../../../src-renderer/shell/run-phase-command.ts';

it('names a phase as bash reads it, whatever it is called', () => {
  expect(runPhaseCommand('buildPhase')).toBe('runPhase buildPhase');
  expect(runPhaseCommand('a;touch$IFS/x')).toBe("runPhase $'a;touch$IFS/x'");
  expect(runPhaseCommand("it's\\\r")).toBe("runPhase $'it\\u0027s\\u005c\\u000d'");
});
