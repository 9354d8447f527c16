/** A yes-or-no attribute of the derivation, which the run bar's target is given without an edit of its file. */
import type { ReactNode } from 'react';
import { Select } from '../look/fields.tsx';
import { setWish, useWish } from '../store/wish.ts';
import { settingOf, withSetting, type Setting } from './pairs.ts';

/** Shown as switches of their own, not among the variables. */
export const OWN_SWITCHES = ['doCheck', 'enableParallelBuilding'];

const SETTINGS: readonly { readonly value: Setting; readonly label: string }[] = [
  { value: 'derivation', label: 'As the derivation says' },
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off' },
];
export function SettingRow({
  label,
  says,
  name,
}: {
  readonly label: string;
  readonly says: ReactNode;
  readonly name: string;
}) {
  const { set } = useWish(({ wish }) => wish);
  return (
    <div className="switch-row">
      <span className="switch-label">
        {label}
        <span className="switch-says">{says}</span>
      </span>
      <Select
        label={label}
        value={settingOf(set, name)}
        options={SETTINGS}
        onChange={(setting) => setWish({ set: withSetting(set, name, setting) })}
      />
    </div>
  );
}
