/** One of a few, each with a line that says what it means: radio buttons as cards. */
import { RadioGroup as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import './choices.css';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly says: ReactNode;
}

export function Choices<Value extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  /** The accessible name of the group. */
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}) {
  return (
    <Radix.Root
      className="choices"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const choice = choices.find((one) => one.value === next);
        if (choice !== undefined) onChange(choice.value);
      }}
    >
      {choices.map((choice) => (
        <Radix.Item
          key={choice.value}
          className="choice"
          value={choice.value}
          aria-label={choice.label}
        >
          <span className="choice-dot" />
          <span>
            <span className="choice-label">{choice.label}</span>
            <span className="choice-says">{choice.says}</span>
          </span>
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
