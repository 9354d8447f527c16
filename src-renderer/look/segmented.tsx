/** A choice of two or three, all of them on view: radio buttons that look like one control. */
import { ToggleGroup as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import './segmented.css';

export interface Segment<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
}

export function Segmented<Value extends string>({
  label,
  segments,
  value,
  onChange,
}: {
  /** The accessible name. */
  readonly label: string;
  readonly segments: readonly Segment<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}) {
  return (
    <Radix.Root
      type="single"
      className="segmented"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const segment = segments.find((one) => one.value === next);
        if (segment !== undefined) onChange(segment.value);
      }}
    >
      {segments.map((segment) => (
        <Radix.Item key={segment.value} className="segment" value={segment.value}>
          {segment.label}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
