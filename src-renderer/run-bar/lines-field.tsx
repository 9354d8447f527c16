/** A field of several lines, one value each. */
import { useEffect, useId, useState } from 'react';

export function LinesField({
  label,
  says,
  placeholder,
  lines,
  problem = () => null,
  onChange,
}: {
  readonly label: string;
  readonly says: string;
  readonly placeholder: string;
  readonly lines: readonly string[];
  /** Why a line is none; null for one that is. Only good ones are given. */
  readonly problem?: (line: string) => string | null;
  readonly onChange: (lines: readonly string[]) => void;
}) {
  const id = useId();
  const [text, setText] = useState(lines.join('\n'));
  const outside = lines.join('\n');
  const good = (words: string) => nonEmpty(words).filter((line) => problem(line) === null);
  useEffect(() => {
    // What one types may have lines that the value has not: empty ones, and those that are no good yet.
    setText((before) => (good(before).join('\n') === outside ? before : outside));
  }, [outside]);
  const problems = nonEmpty(text).flatMap((line) => problem(line) ?? []);
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
        aria-invalid={problems.length > 0}
        aria-describedby={problems.length > 0 ? `${id}-problems` : undefined}
        onChange={({ target }) => {
          setText(target.value);
          onChange(good(target.value));
        }}
      />
      {problems.length === 0 ? null : (
        <p id={`${id}-problems`} className="lines-problems">
          {problems.join(' ')}
        </p>
      )}
    </div>
  );
}

function nonEmpty(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
