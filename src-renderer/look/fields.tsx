/** What one types in, chooses from and switches. */
import { Select as RadixSelect, Switch as RadixSwitch } from 'radix-ui';
import { useId, type ComponentProps, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { CheckIcon, ChevronDownIcon } from './icons.tsx';
import { Tooltip } from './tooltip.tsx';
import './fields.css';

export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'aria-label' | 'onChange'> {
  /** The accessible name. */
  readonly label: string;
  readonly icon?: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Stands at the end of the field: a button, a count. */
  readonly end?: ReactNode;
  readonly invalid?: boolean;
}

export function TextField({
  label,
  icon,
  value,
  onChange,
  end,
  invalid = false,
  className,
  ...rest
}: TextFieldProps) {
  return (
    <span className={classNames('field', className)}>
      {icon}
      <input
        type="text"
        className="field-input"
        aria-label={label}
        aria-invalid={invalid}
        value={value}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      />
      {end}
    </span>
  );
}

/** A field below its name, which stays as one types. `children` is given the id that ties the two. */
export function Labelled({
  label,
  says,
  children,
}: {
  /** The accessible name of the field too. */
  readonly label: string;
  /** Quiet words behind it. */
  readonly says?: string;
  readonly children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="labelled">
      <label htmlFor={id}>
        {label} {says === undefined ? null : <span>{says}</span>}
      </label>
      {children(id)}
    </div>
  );
}

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** A line under it in the list. */
  readonly says?: string;
}

export function Select<Value extends string>({
  label,
  prefix,
  value,
  options,
  onChange,
  disabled = false,
}: {
  /** The accessible name. */
  readonly label: string;
  /** A word before the value, or an icon. */
  readonly prefix?: ReactNode;
  readonly value: Value;
  readonly options: readonly SelectOption<Value>[];
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
}) {
  return (
    <RadixSelect.Root
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        const option = options.find((one) => one.value === next);
        if (option !== undefined) onChange(option.value);
      }}
    >
      <Tooltip text={label}>
        <RadixSelect.Trigger className="select" aria-label={label}>
          {prefix === undefined ? null : <span className="select-prefix">{prefix}</span>}
          <RadixSelect.Value>
            {options.find((option) => option.value === value)?.label}
          </RadixSelect.Value>
          <RadixSelect.Icon className="select-icon">
            <ChevronDownIcon />
          </RadixSelect.Icon>
        </RadixSelect.Trigger>
      </Tooltip>
      <RadixSelect.Portal>
        <RadixSelect.Content
          className="menu select-menu"
          position="popper"
          sideOffset={4}
          collisionPadding={8}
        >
          <RadixSelect.Viewport>
            {options.map((option) => (
              <RadixSelect.Item
                key={option.value}
                className="menu-item select-item"
                value={option.value}
                textValue={option.label}
              >
                <span className="menu-mark">
                  <RadixSelect.ItemIndicator>
                    <CheckIcon />
                  </RadixSelect.ItemIndicator>
                </span>
                <span>
                  <RadixSelect.ItemText>{option.label}</RadixSelect.ItemText>
                  {option.says === undefined ? null : (
                    <span className="select-says">{option.says}</span>
                  )}
                </span>
              </RadixSelect.Item>
            ))}
          </RadixSelect.Viewport>
        </RadixSelect.Content>
      </RadixSelect.Portal>
    </RadixSelect.Root>
  );
}

export function Switch({
  label,
  says,
  checked,
  onChange,
  disabled = false,
}: {
  readonly label: string;
  /** A line under the label. */
  readonly says?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="switch-row">
      <label className="switch-label" htmlFor={id}>
        {label}
        {says === undefined ? null : <span className="switch-says">{says}</span>}
      </label>
      <RadixSwitch.Root
        id={id}
        className="switch"
        aria-label={label}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
      >
        <RadixSwitch.Thumb className="switch-thumb" />
      </RadixSwitch.Root>
    </div>
  );
}
