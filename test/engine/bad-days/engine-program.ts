/**
 * The engine in a process of its own, which tests can kill: it builds the target named by its arguments and prints events
 * and outcome, a JSON object a line.
 *
 *     node engine-program.mjs TARGET
 *
 * engine-process.ts bundles and starts it.
 */
import { Engine } from '../../../src-main/engine/engine.ts';
import { StrataError } from '../../../src-main/protocol/errors.ts';

/** What the program prints last. */
export type Outcome =
  | {
      readonly kind: 'succeeded' | 'failed';
      readonly lines: number;
      readonly residentBytes: number;
    }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly reason: string;
      readonly advice: string;
    };

const [target = null] = process.argv.slice(2);
const print = (value: object): void => console.log(JSON.stringify(value));
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => abort.abort());

let lines = 0;
let residentBytes = 0;
const watch = setInterval(() => {
  residentBytes = Math.max(residentBytes, process.memoryUsage().rss);
}, 50);

try {
  print(await build());
} catch (error) {
  if (!(error instanceof StrataError)) throw error;
  const { code, reason, advice = '' } = error;
  print({ kind: 'refused', code, reason, advice } satisfies Outcome);
} finally {
  clearInterval(watch);
}

async function build(): Promise<Outcome> {
  const engine = await Engine.open(process.env, process.cwd());
  try {
    const { run } = await engine.run(
      {
        target,
        attribute: null,
        from: null,
        until: null,
        reuse: 'smart',
        policy: { kind: 'strict' },
        overrides: new Map(),
        evaluation: {},
      },
      {
        emit: (event) => {
          if (event.event === 'log') lines += 1;
          else print(event);
        },
        signal: abort.signal,
      },
    );
    return { kind: run.status === 'succeeded' ? 'succeeded' : 'failed', lines, residentBytes };
  } finally {
    await engine.close();
  }
}
