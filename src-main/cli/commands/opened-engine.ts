/** The engine on this machine's cache directory, opened for one command. */
import { Engine } from '../../engine/engine.ts';

export async function withEngine<Result>(
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = await Engine.open(process.env, process.cwd());
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}
