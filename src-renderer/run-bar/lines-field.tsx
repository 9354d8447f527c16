/** A field of several lines, one value each. */
import { useEffect, useId, useState } from 'react';

export function LinesField({
  label,
  says,
  placeholder,
  lines,
  onChange,
}: {
  readonly label: string;
  readonly says: string;
  readonly placeholder: string;
  readonly lines: readonly string[];
  readonly onChange: (lines: readonly string[]) => void;
}) {
  const id = useId();
  const [text, setText] = useState(lines.join('\n'));
  const outside = lines.join('\n');
  useEffect(() => {
    // What one types may have empty lines that the value has not.
    setText((before) => (nonEmpty(before).join('\n') === outside ? before : outside));
  }, [outside]);
  return (
    <div className="lines-field">
      <label htmlFor={id}>
        {label} <span>{says}</span>
      </label>
      <textarea
        id={id}
        rows={Math.min(5, Math.max(1, text.split('\n').length))}
        placeholder={placeholder}
        spellCheck={false}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          onChange(nonEmpty(target.value));
        }}
      />
    </div>
  );
}

function nonEmpty(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
