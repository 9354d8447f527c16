import { Engine } from '../engine/engine.ts';
const engine = await Engine.open(process.env, process.cwd());
const abort = new AbortController();
process.on('SIGINT', () => abort.abort());
const args = process.argv.slice(2);
const plan = args[0] === 'plan';
const get = (n: string) => {
  const i = args.indexOf(n);
  return i < 0 ? null : (args[i + 1] ?? null);
};
const wish = {
  target: args[1] ?? null,
  attribute: get('-A'),
  from: get('--from'),
  until: get('--until'),
  reuse: (get('--reuse') ?? 'smart') as 'smart',
  policy: { kind: (get('--sandbox') ?? 'strict') as 'strict' },
  overrides: new Map<string, string>(),
  evaluation: {},
};
if (plan) console.log(JSON.stringify(await engine.plan(wish, abort.signal), null, 1));
else {
  const r = await engine.run(wish, {
    emit: (e) => console.log(JSON.stringify(e)),
    signal: abort.signal,
  });
  console.log(JSON.stringify({ failed: r.failed, complaint: r.complaint }, null, 1));
}
await engine.close();
