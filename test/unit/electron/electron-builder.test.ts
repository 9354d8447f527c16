/** electron-builder.yml against electron-builder's own schema. Its fuses are in security-checklist.test.ts. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

// What electron-builder itself reads and checks its configuration with.
const ofBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
const { load } = ofBuilder('js-yaml') as { load: (text: string) => Configuration };
const { validateConfiguration } = ofBuilder('app-builder-lib/out/util/config/config') as {
  validateConfiguration: (
    configuration: object,
    logger: { isEnabled: boolean; add: () => void },
  ) => Promise<void>;
};

interface Configuration {
  readonly mac: { readonly hardenedRuntime: boolean; readonly icon: string };
  readonly linux: { readonly target: readonly string[]; readonly icon: string };
  readonly deb: { readonly fpm: readonly string[] };
}

const configuration = load(readFileSync('electron-builder.yml', 'utf8'));
const logger = { isEnabled: false, add: () => undefined };

test('it is valid', async () => {
  await validateConfiguration(configuration, logger);
  // And the check can fail.
  await expect(validateConfiguration({ ...configuration, asaar: true }, logger)).rejects.toThrow();
});

test('the packages that people ask for, and every file named in it', () => {
  expect(configuration.linux.target).toStrictEqual(['AppImage', 'deb', 'rpm']);
  expect(configuration.mac.hardenedRuntime).toBe(true);
  const [mime = ''] = configuration.deb.fpm;
  const files = [configuration.mac.icon, `${configuration.linux.icon}/512x512.png`];
  expect([...files, mime.split('=')[0] ?? ''].filter((file) => !existsSync(file))).toStrictEqual(
    [],
  );
});
