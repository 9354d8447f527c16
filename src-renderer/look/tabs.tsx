/** Tabs in a row; what they show is the caller's, by the same value. */
import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import './tabs.css';

export interface TabItem<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
  /** A number behind the label. */
  readonly count?: number;
  /** How many there are where `count` is only part of them: `3 of 136`. */
  readonly of?: number;
}

export function Tabs<Value extends string>({
  label,
  items,
  value,
  onChange,
  children,
}: {
  /** The accessible name of the row. */
  readonly label: string;
  readonly items: readonly TabItem<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** `TabContent` elements; may stand anywhere inside. */
  readonly children?: ReactNode;
}) {
  return (
    <Radix.Root
      className="tabs"
      value={value}
      onValueChange={(next) => {
        const item = items.find((one) => one.value === next);
        if (item !== undefined) onChange(item.value);
      }}
    >
      <Radix.List className="tab-list" aria-label={label}>
        {items.map((item) => (
          <Radix.Trigger key={item.value} className="tab" value={item.value}>
            {item.label}
            {item.count === undefined ? null : (
              <span className="tab-count">{countText(item.count, item.of)}</span>
            )}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {children}
    </Radix.Root>
  );
}

function countText(count: number, of = count): string {
  const shown = count.toLocaleString('en');
  return count === of ? shown : `${shown} of ${of.toLocaleString('en')}`;
}

/** What a tab shows; unmounted while another is chosen. */
export function TabContent({
  value,
  children,
}: {
  readonly value: string;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Content className="tab-content" value={value} tabIndex={-1}>
      {children}
    </Radix.Content>
  );
}
