/**
 * Settings that a daemon ignored, as it says in the log. Who may give which is known beforehand as a rule
 * (permitted-options.ts), but a daemon's nix.conf need not be the one that this user sees.
 *
 * Nix 2.8 to 2.34, src/libstore/daemon.cc, `ClientSettings::apply`: "ignoring untrusted substituter '…'", since 2.19 with more
 * after it, and "ignoring the client-specified setting '…', because it is a restricted setting and you are not a trusted
 * user", before 2.16 with "user-specified". Some versions begin with a capital letter. Not all versions say the second at all.
 */

export interface IgnoredSetting {
  /** `substituters` for a substituter. */
  readonly name: string;
  /** The substituter; null for other settings, whose values are not told. */
  readonly value: string | null;
}

/** What a message without colours tells of; null for all other messages. */
export function ignoredSetting(message: string): IgnoredSetting | null {
  const [, substituter] = /\bignoring untrusted substituter '([^']*)'/i.exec(message) ?? [];
  if (substituter !== undefined) return { name: 'substituters', value: substituter };
  const [, name] =
    /\bignoring the (?:client|user)-specified setting '([^']*)', because it is a restricted setting/i.exec(
      message,
    ) ?? [];
  return name === undefined ? null : { name, value: null };
}

/** Those of many messages, each once: every process that speaks with the daemon has it said again. */
export function ignoredSettings(messages: readonly string[]): readonly IgnoredSetting[] {
  const found = messages.flatMap((message) => ignoredSetting(message) ?? []);
  const key = ({ name, value }: IgnoredSetting): string => `${name} ${value ?? ''}`;
  return [...new Map(found.map((one) => [key(one), one])).values()];
}
