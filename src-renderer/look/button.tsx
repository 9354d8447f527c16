/** Buttons: with words, or with an icon alone and its name as a tooltip. */
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';
import './button.css';

export interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` for the one thing to do here, `danger` for what cannot be taken back, `ghost` for the rest of a toolbar. */
  readonly look?: 'normal' | 'primary' | 'danger' | 'ghost';
  readonly icon?: ReactNode;
}

export function Button({
  look = 'normal',
  icon,
  className,
  children,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button type={type} className={classNames('button', `button-${look}`, className)} {...rest}>
      {icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  /** The accessible name, and the tooltip. */
  readonly label: string;
  /** Keys that do the same, shown in the tooltip: `Ctrl K`. */
  readonly keys?: string;
  /** For a button that stays pressed. */
  readonly pressed?: boolean;
}

export function IconButton({
  label,
  keys,
  pressed,
  className,
  children,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} {...(keys === undefined ? {} : { keys })}>
      <button
        type={type}
        className={classNames('icon-button', className)}
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}
