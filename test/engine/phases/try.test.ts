import { test } from 'vitest';
import { Workbench } from './workbench.ts';
import { packageOf, stdenvs } from './stdenvs.ts';
import { base, edits, layOut } from './edits.ts';
test.each(stdenvs)('$name', async (stdenv) => {
  const bench = Workbench.open();
  layOut(bench);
  const ran = await bench.run(packageOf(stdenv, base));
  console.log(ran.status, ran.phases.join(' '), ran.lines.join('\n'), ran.failed);
  for (const [name, edit] of Object.entries(edits)) {
   for (const reuse of ['smart', 'strict'] as const) {
    const copy = await bench.copy(); layOut(copy);
    const p = packageOf(stdenv, {...base, ...edit});
    const planned = await copy.plan(p, {reuse});
    const r = await copy.run(p, {reuse});
    console.log(`##### ${stdenv.name} ${reuse} ${name}: ${r.status}\n` + r.phases.map(([n,s], i) => `${n} ${s.padEnd(10)} ${planned[i]?.action} ${planned[i]?.why} / ${r.planned[i]?.action} ${r.planned[i]?.why}`).join('\n'));
    await copy.close();
   }
  }
  await bench.close();
});
