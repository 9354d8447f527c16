/** A field with suggestions below it: one may take one of them or type what one wants. */
import { Popper } from 'radix-ui/internal';
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { TextField } from './fields.tsx';
import './combobox.css';

export interface Suggestion {
  readonly value: string;
  readonly label: ReactNode;
  /** Quiet text behind the label. */
  readonly says?: string;
  /** Suggestions with the same heading stand together below it. */
  readonly heading?: string;
  /** Taking it completes the text and goes on suggesting: a directory. */
  readonly open?: boolean;
}

export interface ComboboxProps {
  readonly label: string;
  readonly placeholder: string;
  readonly icon?: ReactNode;
  readonly value: string;
  readonly suggestions: readonly Suggestion[];
  readonly className?: string;
  readonly id?: string;
  readonly autoFocus?: boolean;
  readonly onChange: (text: string) => void;
  /** Enter, or a suggestion taken. */
  readonly onTake: (value: string) => void;
  /** The field lost the focus with a text that was not taken. */
  readonly onLeave?: () => void;
}

export function Combobox({
  label,
  placeholder,
  icon,
  value,
  suggestions,
  className,
  id,
  autoFocus = false,
  onChange,
  onTake,
  onLeave,
}: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const list = useId();
  const root = useRef<HTMLDivElement>(null);
  const [first, ...others] = suggestions;
  // What is typed already is nothing to suggest, and would lie over the button to press next.
  const isTyped = others.length === 0 && first?.value.replace(/\/$/, '') === value;
  const shown = open && first !== undefined && !isTyped;

  const take = (suggestion: Suggestion) => {
    setActive(-1);
    if (suggestion.open === true) onChange(suggestion.value);
    else {
      setOpen(false);
      onTake(suggestion.value);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const chosen = shown ? suggestions[active] : undefined;
    if (step !== 0) {
      setOpen(true);
      const count = suggestions.length + 1;
      setActive(((active + 1 + step + count) % count) - 1);
    } else if (event.key === 'Enter') {
      if (chosen === undefined) {
        setOpen(false);
        onTake(value);
      } else take(chosen);
    } else if (event.key === 'Tab' && chosen !== undefined && !event.shiftKey) {
      take(chosen);
      if (chosen.open !== true) return;
    } else if (event.key === 'Escape' && shown) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <Popper.Root>
      <Popper.Anchor asChild>
        <div
          ref={root}
          className={className === undefined ? 'combobox' : `combobox ${className}`}
          onBlur={(event) => {
            if (root.current?.contains(event.relatedTarget) === true) return;
            setOpen(false);
            setActive(-1);
            onLeave?.();
          }}
        >
          <TextField
            label={label}
            placeholder={placeholder}
            {...(icon === undefined ? {} : { icon })}
            {...(id === undefined ? {} : { id })}
            value={value}
            role="combobox"
            autoFocus={autoFocus}
            aria-expanded={shown}
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={shown && active >= 0 ? `${list}-${active}` : undefined}
            onFocus={(event) => event.target.select()}
            onClick={() => setOpen(true)}
            onKeyDown={onKeyDown}
            onChange={(text) => {
              setOpen(true);
              setActive(-1);
              onChange(text);
            }}
          />
          {shown ? (
            // It hangs over what is below, also over the edge of a dialog, and moves nothing as it comes and goes.
            <Popper.Content asChild align="start" sideOffset={4} collisionPadding={8}>
              <ul className="menu combobox-list" id={list} role="listbox" aria-label={label}>
                {suggestions.map((suggestion, index) => (
                  <li
                    key={`${suggestion.heading ?? ''} ${suggestion.value}`}
                    id={`${list}-${index}`}
                    role="option"
                    aria-selected={index === active}
                    className="combobox-option"
                    // The field keeps the focus.
                    onPointerDown={(event) => event.preventDefault()}
                    onClick={() => take(suggestion)}
                  >
                    {suggestion.heading !== undefined &&
                    suggestion.heading !== suggestions[index - 1]?.heading ? (
                      <span className="combobox-heading">{suggestion.heading}</span>
                    ) : null}
                    <span className="combobox-row">
                      <span className="combobox-label">{suggestion.label}</span>
                      <span className="combobox-says">{suggestion.says}</span>
                    </span>
                  </li>
                ))}
              </ul>
            </Popper.Content>
          ) : null}
        </div>
      </Popper.Anchor>
    </Popper.Root>
  );
}
