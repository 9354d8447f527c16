/** `strata doctor`: what this machine offers, and how to get what is missing. */
import { cacheDirectory } from '../../engine/cache-directory.ts';
import { canBuild, examine } from '../../engine/doctor.ts';
import { doctorReport } from '../../engine/doctor-report.ts';
import type { ExitStatus, Front } from '../front.ts';
import { jsonArrayLines } from '../terminal/json-text.ts';
import type { Style } from '../terminal/style.ts';

/** Prose in a pipe or a file is wrapped to this many columns. */
const USUAL_WIDTH = 100;

export async function doctor(front: Front, format: 'text' | 'json'): Promise<ExitStatus> {
  const { out, style } = front;
  const findings = await examine({ cacheRoot: cacheDirectory(process.env) });
  if (format === 'json') out.lines(jsonArrayLines(findings));
  else {
    const lines = doctorReport(findings, out.width ?? USUAL_WIDTH);
    out.lines(lines.map((line) => coloured(line, style)));
  }
  return canBuild(findings) ? 0 : 2;
}

function coloured(line: string, { green, yellow, red }: Style): string {
  return line.replace(/^✓/, green('✓')).replace(/^!/, yellow('!')).replace(/^✗/, red('✗'));
}
