/** One line of the log. */
import { memo, useMemo, type CSSProperties } from 'react';
import { classNames } from '../look/class-names.ts';
import { parseAnsi, type Color, type Style } from './ansi.ts';
import { findFileLinks, type FileLink } from './file-links.ts';
import { linePieces } from './line-pieces.ts';
import type { LogLine } from './log-document.ts';
import type { Pattern } from './log-query.ts';
import { usePlaces } from './use-places.ts';

/** What is longer is cut on screen: a browser lays out every character, seen or not. */
const SHOWN_CHARACTERS = 4000;

export interface LogRowProps {
  readonly number: number;
  /** Undefined until it has been read. */
  readonly line: LogLine | undefined;
  readonly mark: 'error' | 'warning' | null;
  /** The phase that begins with this line. */
  readonly begins: string | null;
  readonly time: string | null;
  readonly pattern: Pattern;
  /** The match that one stands on. */
  readonly current: boolean;
  readonly selected: boolean;
  /** Out of sight, and here for the selection's sake. */
  readonly held: boolean;
  /** Whether a very long line is shown to its end. */
  readonly whole: boolean;
  readonly onOpen: (link: FileLink, line: number) => void;
  readonly onWhole: (line: number) => void;
}

export const LogRow = memo(function LogRow({
  number,
  line,
  mark,
  begins,
  time,
  pattern,
  current,
  selected,
  held,
  whole,
  onOpen,
  onWhole,
}: LogRowProps) {
  const text = line?.text;
  const styled = useMemo(() => parseAnsi(text ?? ''), [text]);
  const cut = !whole && styled.text.length > SHOWN_CHARACTERS;
  const shown = cut ? styled.text.slice(0, SHOWN_CHARACTERS) : styled.text;
  const places = usePlaces(shown, pattern);
  const pieces = useMemo(
    () => linePieces({ text: shown, spans: styled.spans }, findFileLinks(shown), places),
    [shown, styled, places],
  );
  return (
    <div
      className={classNames(
        'log-row',
        mark !== null && `log-row-${mark}`,
        current && 'log-row-current',
        selected && 'log-row-selected',
        held && 'log-row-held',
        begins !== null && 'log-row-begins',
      )}
      data-line={number}
      data-phase={begins ?? undefined}
    >
      <span className="log-number" data-number={number + 1} aria-hidden="true" />
      {time === null ? null : <span className="log-time" data-time={time} />}
      <span className="log-text">
        {pieces.map((piece, at) => {
          const style = pieceStyle(piece.style);
          const className = classNames(styleNames(piece.style), piece.found && 'found');
          const { link } = piece;
          if (link === null) {
            if (className === '' && style === undefined) return piece.text;
            return (
              <span key={at} className={className} style={style}>
                {piece.text}
              </span>
            );
          }
          return (
            <a
              key={at}
              className={classNames('log-link', className)}
              style={style}
              href="#"
              tabIndex={-1}
              onClick={(event) => {
                event.preventDefault();
                onOpen(link, number);
              }}
            >
              {piece.text}
            </a>
          );
        })}
        {cut ? (
          <button type="button" className="log-more" onClick={() => onWhole(number)}>
            {(styled.text.length - SHOWN_CHARACTERS).toLocaleString('en')} more characters
          </button>
        ) : null}
      </span>
    </div>
  );
});

function styleNames(style: Style): string {
  return classNames(
    style.bold && 'log-bold',
    style.dim && 'log-dim',
    style.italic && 'log-italic',
    style.underline && 'log-underline',
    style.strike && 'log-strike',
  );
}

/** The colours of a piece. On a background of the build's own, text without a hue is in the pane's own light or dark. */
function pieceStyle({ foreground, background, inverse }: Style): CSSProperties | undefined {
  if (inverse) {
    return {
      color: cssColor(background) ?? 'var(--surface-pane)',
      background: cssColor(foreground) ?? 'var(--text)',
    };
  }
  if (background !== null) {
    const color = hasHue(foreground) ? cssColor(foreground) : textOn(background);
    return { ...(color === null ? {} : { color }), background: cssColor(background) ?? '' };
  }
  return foreground === null ? undefined : { color: readable(foreground) };
}

/** A colour of the build's own with its hue, as light or dark as text on the pane has to be. */
function readable(color: Color): string {
  const own = cssColor(color) ?? '';
  if (color.kind === 'named') return own;
  return `light-dark(oklch(from ${own} min(l, 0.52) c h), oklch(from ${own} max(l, 0.72) c h))`;
}

function hasHue(color: Color | null): boolean {
  return color !== null && (color.kind === 'rgb' || (color.index % 8) % 7 !== 0);
}

/** Named backgrounds are dark in the light theme and light in the dark one. */
function textOn(background: Color): string {
  if (background.kind === 'named') return 'var(--surface-pane)';
  const { red, green, blue } = background;
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? '#000' : '#fff';
}

function cssColor(color: Color | null): string | null {
  if (color === null) return null;
  if (color.kind === 'named') return `var(--ansi-${color.index})`;
  return `rgb(${color.red} ${color.green} ${color.blue})`;
}
