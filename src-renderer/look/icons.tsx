/**
 * Our own icons: 16 by 16, drawn in lines of 1.4 in the colour of the text. They say nothing to a screen reader; the control
 * they stand in has the name.
 */
import type { ReactNode } from 'react';

export interface IconProps {
  readonly className?: string;
}

function icon(drawing: ReactNode) {
  return function Icon({ className }: IconProps) {
    return (
      <svg
        className={className === undefined ? 'icon' : `icon ${className}`}
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {drawing}
      </svg>
    );
  };
}

/** A shape filled instead of outlined. */
function solid(path: string) {
  return icon(<path d={path} fill="currentColor" stroke="none" />);
}

/** Layers on layers: the sign of Strata. */
export const StrataIcon = icon(
  <>
    <path d="M8 2 14 5 8 8 2 5Z" />
    <path d="m2 8 6 3 6-3" />
    <path d="m2 11 6 3 6-3" />
  </>,
);
export const PlayIcon = solid(
  'M5 3.2v9.6c0 .5.5.8.9.5l7.2-4.8a.6.6 0 0 0 0-1L5.9 2.7c-.4-.3-.9 0-.9.5Z',
);
export const StopIcon = solid(
  'M4.8 3.8h6.4c.6 0 1 .4 1 1v6.4c0 .6-.4 1-1 1H4.8c-.6 0-1-.4-1-1V4.8c0-.6.4-1 1-1Z',
);
export const PauseIcon = icon(<path d="M5.5 3.5v9m5-9v9" />);
export const CheckIcon = icon(<path d="m3 8.5 3.2 3.2L13 4.8" />);
export const CrossIcon = icon(<path d="m4 4 8 8m0-8-8 8" />);
export const ReuseIcon = icon(
  <>
    <path d="M13 6.5A5.2 5.2 0 0 0 3.6 5.2L2.5 6.6" />
    <path d="M2.5 3.4v3.2h3.2M3 9.5a5.2 5.2 0 0 0 9.4 1.3l1.1-1.4" />
    <path d="M13.5 12.6V9.4h-3.2" />
  </>,
);
export const SkipIcon = icon(<path d="M4 8h8" />);
export const WarningIcon = icon(
  <path d="M8 5.8v3.4m0 2.2v.1M7 2.6 1.8 11.7c-.4.8.1 1.8 1 1.8h10.4c.9 0 1.4-1 1-1.8L9 2.6a1.2 1.2 0 0 0-2 0Z" />,
);
export const InfoIcon = icon(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 7.4v3.4M8 5.1v.1" />
  </>,
);
export const SearchIcon = icon(
  <>
    <circle cx="7" cy="7" r="4.5" />
    <path d="m10.4 10.4 3.4 3.4" />
  </>,
);
export const ChevronDownIcon = icon(<path d="m4 6.2 4 4 4-4" />);
export const ChevronRightIcon = icon(<path d="m6.2 4 4 4-4 4" />);
export const ChevronUpIcon = icon(<path d="m4 9.8 4-4 4 4" />);
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />);
export const MinusIcon = icon(<path d="M3 8h10" />);
export const MoreIcon = icon(<path d="M3.5 8v.01M8 8v.01M12.5 8v.01" strokeWidth="2.2" />);
export const MaximiseIcon = icon(
  <path d="M9.5 2.5h4v4M13.3 2.7 9 7M6.5 13.5h-4v-4M2.7 13.3 7 9" />,
);
export const RestoreIcon = icon(<path d="M13.5 6.5h-4v-4M9.7 6.3 14 2M2.5 9.5h4v4M6.3 9.7 2 14" />);
export const TerminalIcon = icon(
  <>
    <rect x="1.8" y="2.8" width="12.4" height="10.4" rx="1.6" />
    <path d="m4.6 6 2.2 2-2.2 2M8.6 10.4h2.8" />
  </>,
);
export const LogIcon = icon(<path d="M3 3.5h10M3 6.5h7M3 9.5h10M3 12.5h5" />);
export const DiffIcon = icon(
  <>
    <path d="M8 2.6v5.6M5.2 5.4h5.6M5.2 12.6h5.6" />
  </>,
);
export const FileIcon = icon(
  <>
    <path d="M9 1.8H4.6c-.7 0-1.2.5-1.2 1.2v10c0 .7.5 1.2 1.2 1.2h6.8c.7 0 1.2-.5 1.2-1.2V5.4Z" />
    <path d="M9 1.8v3.6h3.6" />
  </>,
);
export const FolderIcon = icon(
  <path d="M1.8 4.2c0-.7.5-1.2 1.2-1.2h3l1.5 1.6h5.5c.7 0 1.2.5 1.2 1.2v6c0 .7-.5 1.2-1.2 1.2H3c-.7 0-1.2-.5-1.2-1.2Z" />,
);
export const LibraryIcon = icon(<path d="M3 2.8v10.4M6.4 2.8v10.4M9.3 3.4l3.5 9.6M2 13.4h12" />);
export const TimelineIcon = icon(
  <>
    <rect x="1.8" y="2.8" width="6" height="2.9" rx="0.9" />
    <rect x="5" y="6.6" width="6" height="2.9" rx="0.9" />
    <rect x="9.4" y="10.4" width="4.8" height="2.9" rx="0.9" />
  </>,
);
export const CodeIcon = icon(<path d="m5.4 4.4-3.6 3.6 3.6 3.6M10.6 4.4l3.6 3.6-3.6 3.6" />);
export const SlidersIcon = icon(
  <>
    <path d="M2 4.6h6.4M11.8 4.6H14M2 11.4h2.2M7.6 11.4H14" />
    <circle cx="10.1" cy="4.6" r="1.7" />
    <circle cx="5.9" cy="11.4" r="1.7" />
  </>,
);
export const CopyIcon = icon(
  <>
    <rect x="5.4" y="5.4" width="8.2" height="8.2" rx="1.4" />
    <path d="M10.6 5.2V3.8c0-.8-.6-1.4-1.4-1.4H3.8c-.8 0-1.4.6-1.4 1.4v5.4c0 .8.6 1.4 1.4 1.4h1.4" />
  </>,
);
export const SaveIcon = icon(<path d="M8 2.4v7.4M4.8 6.8 8 10l3.2-3.2M2.6 13.4h10.8" />);
export const ClockIcon = icon(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 4.6V8l2.4 1.6" />
  </>,
);
export const ShieldIcon = icon(
  <path d="M8 1.8 3 3.6v4c0 3.2 2.1 5.4 5 6.6 2.9-1.2 5-3.4 5-6.6v-4Z" />,
);
export const FitIcon = icon(<path d="M2 4v8M14 4v8M4.4 8h7.2M6.4 6 4.4 8l2 2M9.6 6l2 2-2 2" />);
export const SunIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M12.7 3.3l-1 1M4.3 11.7l-1 1" />
  </>,
);
/** Long lines go on below themselves. */
export const WrapIcon = icon(
  <path d="M2 3.5h12M2 12.5h4M2 8h9.8a2.2 2.2 0 0 1 0 4.5H9M10.6 10.8 8.9 12.5l1.7 1.7" />,
);
/** To the end, and on with it. */
export const FollowIcon = icon(<path d="M8 2.5v7.6M4.7 7 8 10.2 11.3 7M3 13.4h10" />);
export const LinkIcon = icon(
  <path d="M6.6 9.4 9.4 6.6M7 4.6l1.5-1.5a2.7 2.7 0 0 1 4.4 4.4L11.4 9M9 11.4l-1.5 1.5a2.7 2.7 0 0 1-4.4-4.4L4.6 7" />,
);
/** From one to the other. */
export const ArrowRightIcon = icon(<path d="M2.8 8h10M9.4 4.6 12.8 8l-3.4 3.4" />);
export const SortIcon = icon(
  <path d="M2.5 4h9M2.5 8h6M2.5 12h3M12.4 7v6.2M10.2 11.2l2.2 2.2 2.2-2.2" />,
);
