import { test } from 'vitest';
import { Workbench } from './workbench.ts';
import { packageOf, stdenvs } from './stdenvs.ts';
import { base, edits, layOut } from './edits.ts';
test.each(stdenvs)('$name', async (stdenv) => {
  const bench = Workbench.open();
  layOut(bench);
  const show = (label: string, r: Awaited<ReturnType<Workbench['run']>>) => console.log(`## ${stdenv.name} ${label}: ${r.status} ${r.complaint} ${r.phases.join(' ')}\n${r.lines.join('\n')}\n${JSON.stringify(r.failed?.failure)}`);
  const b = {...base, postInstall: '"basename $curSrc > $out/log; basename $srcs || true"', exitHook: `"echo bye; echo bye > $out/bye"`};
  await bench.run(packageOf(stdenv, b));
  const r = await bench.run(packageOf(stdenv, {...b, ...edits['src packed in another way']}));
  show('stale', r);
  console.log('log is', await bench.read(r.snapshot, r.outputs['out']! + '/log'), await bench.read(r.snapshot, r.outputs['out']! + '/bye'));
  show('fail', await bench.run(packageOf(stdenv, {...base, buildPhase: `''f() { local v=1; echo x; exit 3; }; f''`, failureHook: `"echo failed with $exitCode"`})));
  show('fail2', await bench.run(packageOf(stdenv, {...base, buildPhase: `''f() { local v=1; echo x; cat /nonexistent | cat; }; f''`, failureHook: `"echo failed with $exitCode"`})));
  show('cmd', await bench.run(packageOf(stdenv, {...base, buildCommand: `"mkdir $out; tool > $out/x"`, exitHook: `"echo bye; echo bye > $out/bye"`})));
  await bench.close();
});
