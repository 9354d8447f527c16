/** What became of one file: as text, as a picture, as its dynamic section, or as sizes and its first bytes. */
import { useState, type ReactNode } from 'react';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { IconButton } from '../look/button.tsx';
import { formatBytes } from '../../src-main/protocol/byte-size.ts';
import { byteGrowth } from '../look/byte-size.ts';
import { download } from '../look/download.ts';
import { ArrowRightIcon, CopyIcon, SaveIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { copyAndTell } from '../store/copy.ts';
import { notify } from '../store/notices.ts';
import { kindWord, typeWord, type ChangeEntry } from './change-entry.ts';
import { ElfComparison } from './elf-comparison.tsx';
import { hexRows, languageOf } from './file-content.ts';
import { KindSign } from './kind-sign.tsx';
import { dataAddress, decodeText, readFileBytes, readSide, type FileSide } from './read-file.ts';
import { shortStoreNames } from '../../src-main/protocol/store-name.ts';
import { TextComparison } from './text-comparison.tsx';
import { useAnswer } from './use-answer.ts';

/** Of a larger file this much is compared. */
const MOST_TEXT = 4 * 1024 * 1024;
const HEX_BYTES = 1024;
const MOST_SAVED = 1024 * 1024 * 1024;

export interface FileDetailsProps {
  readonly path: string;
  /** Null for a file that has not changed. */
  readonly entry: ChangeEntry | null;
  /** Where a symbolic link leads, before and now. */
  readonly link: readonly [old: string | null, now: string | null] | null;
  readonly from: string | null;
  readonly to: string;
  readonly line: number | null;
}

export function FileDetails(props: FileDetailsProps) {
  const { path, entry, from, to } = props;
  const isFile = entry === null || entry.type === 'f';
  const saveFrom = entry?.kind === 'R' ? from : to;
  return (
    <section className="file-details" aria-label="Selected file">
      <header className="file-header">
        {entry === null ? null : <KindSign kind={entry.kind} />}
        <h3 className="file-path" title={printable(path)} aria-label={printable(path)}>
          <bdi>{printable(shortStoreNames(path))}</bdi>
        </h3>
        <span className="file-facts">{entry === null ? 'unchanged' : facts(entry)}</span>
        <IconButton label="Copy the path" onClick={() => void copyAndTell(path, 'The path')}>
          <CopyIcon />
        </IconButton>
        {isFile && saveFrom !== null ? (
          <IconButton
            label={entry?.kind === 'R' ? 'Save the removed file as …' : 'Save as …'}
            onClick={() => void save(saveFrom, path)}
          >
            <SaveIcon />
          </IconButton>
        ) : null}
      </header>
      <Contents {...props} />
    </section>
  );
}

function Contents({ path, entry, link, from, to, line }: FileDetailsProps): ReactNode {
  if (entry !== null && entry.type !== 'f' && link === null) return <Special entry={entry} />;
  if (link !== null) return <LinkComparison link={link} />;
  const old = entry === null || entry.kind === 'A' ? null : from;
  const now = entry?.kind === 'R' ? null : to;
  return <FileComparison path={path} old={old} now={now} line={line} sized={entry !== null} />;
}

function FileComparison({
  path,
  old,
  now,
  line,
  sized,
}: {
  readonly path: string;
  readonly old: string | null;
  readonly now: string | null;
  readonly line: number | null;
  /** Whether the header says the sizes already. */
  readonly sized: boolean;
}) {
  const answer = useAnswer(`${path}\n${old ?? ''}\n${now ?? ''}`, async (signal) => {
    const read = async (snapshot: string | null) =>
      snapshot === null ? null : readSide(snapshot, path, MOST_TEXT, signal);
    const [before, after] = await Promise.all([read(old), read(now)]);
    return { before, after };
  });
  if (answer.kind === 'waiting') return <Loading label="Reading the file" />;
  if (answer.kind === 'failed') return <ErrorState error={answer.error} />;
  const { before, after } = answer.value;
  const kinds = new Set(
    [before, after].flatMap((side) => (side === null ? [] : [side.content.kind])),
  );
  kinds.delete('empty');
  const [kind, ...others] = kinds;
  if (kind === undefined) {
    return <EmptyState title="An empty file">It has no contents to show.</EmptyState>;
  }
  const bytes = <Pair before={before} after={after} sized={sized} show="bytes" path={path} />;
  if (others.length > 0) return bytes;
  switch (kind) {
    case 'text':
    case 'empty':
      return <TextSides path={path} before={before} after={after} line={line} />;
    case 'image':
      return <Pair before={before} after={after} sized={sized} show="picture" path={path} />;
    case 'elf':
      return <ElfComparison path={path} old={before && old} now={after && now} />;
    case 'binary':
      return bytes;
  }
}

function TextSides({
  path,
  before,
  after,
  line,
}: {
  readonly path: string;
  readonly before: FileSide | null;
  readonly after: FileSide | null;
  readonly line: number | null;
}) {
  const old = before === null ? null : decodeText(before.bytes);
  const now = after === null ? null : decodeText(after.bytes);
  const isCut = [before, after].some((side) => side !== null && side.size > side.bytes.length);
  const notes = [
    isCut ? `Only the first ${formatBytes(MOST_TEXT)} are compared.` : '',
    old?.isUtf8 === false || now?.isUtf8 === false ? 'Not UTF-8: read as Latin-1.' : '',
    old !== null && now !== null && old.text === now.text && !isCut
      ? 'The contents are the same.'
      : '',
  ].filter((note) => note !== '');
  return (
    <>
      {notes.length === 0 ? null : <p className="file-note">{notes.join(' ')}</p>}
      <TextComparison
        name={printable(path)}
        language={languageOf(path)}
        old={old?.text ?? null}
        now={now?.text ?? null}
        line={line}
      />
    </>
  );
}

/** Before and now beside each other; one alone where there is but one. */
function Pair({
  before,
  after,
  ...rest
}: {
  readonly before: FileSide | null;
  readonly after: FileSide | null;
  readonly sized: boolean;
  readonly show: 'picture' | 'bytes';
  readonly path: string;
}) {
  const isPair = before !== null && after !== null;
  return (
    <div className="file-pair">
      {before === null ? null : <Side when={isPair ? 'Before' : null} side={before} {...rest} />}
      {after === null ? null : <Side when={isPair ? 'Now' : null} side={after} {...rest} />}
    </div>
  );
}

/** One state of a file. Its caption says what the header does not: which state, the picture's pixels, the size of what is unchanged. */
function Side({
  when,
  side,
  sized,
  show,
  path,
}: {
  readonly when: string | null;
  readonly side: FileSide;
  readonly sized: boolean;
  readonly show: 'picture' | 'bytes';
  readonly path: string;
}) {
  const [pixels, setPixels] = useState<string | null>(null);
  const facts = [when, pixels, sized ? null : formatBytes(side.size)].filter(
    (fact) => fact !== null,
  );
  return (
    <figure className="file-side">
      {facts.length === 0 ? null : (
        <figcaption className="file-caption">{facts.join(' · ')}</figcaption>
      )}
      {show === 'bytes' ? (
        <HexHead side={side} />
      ) : (
        <Picture side={side} path={path} onPixels={setPixels} />
      )}
    </figure>
  );
}

function Picture({
  side,
  path,
  onPixels,
}: {
  readonly side: FileSide;
  readonly path: string;
  readonly onPixels: (pixels: string) => void;
}) {
  const { content } = side;
  if (content.kind !== 'image') return null;
  if (side.size > side.bytes.length) return <p className="file-note">Too large to be shown.</p>;
  return (
    <div className="file-picture">
      <img
        alt={printable(path)}
        src={dataAddress(side.bytes, content.mime)}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
          // What is drawn by lines has no pixels.
          if (content.mime !== 'image/svg+xml') onPixels(`${width} × ${height}`);
        }}
      />
    </div>
  );
}

function HexHead({ side }: { readonly side: FileSide }) {
  const head = side.bytes.subarray(0, HEX_BYTES);
  return (
    <pre className="file-hex" tabIndex={0} aria-label={`The first ${head.length} bytes`}>
      {hexRows(head).map(({ offset, hex, text }) => (
        <div key={offset}>
          <span className="file-hex-offset">{offset}</span> {hex}{' '}
          <span className="file-hex-text">{text}</span>
        </div>
      ))}
      {side.size > head.length ? <div className="file-hex-offset">…</div> : null}
    </pre>
  );
}

function LinkComparison({
  link: [old, now],
}: {
  readonly link: readonly [string | null, string | null];
}) {
  return (
    <div className="file-link">
      <p>{now === null ? 'It was a symbolic link to' : 'A symbolic link to'}</p>
      {old === null || old === now ? null : (
        <p className={now === null ? '' : 'file-link-old'}>
          <code>{printable(old)}</code>
        </p>
      )}
      {now === null ? null : (
        <p className="file-link-now">
          {old === null ? null : <ArrowRightIcon />}
          <code>{printable(now)}</code>
        </p>
      )}
    </div>
  );
}

function Special({ entry }: { readonly entry: ChangeEntry }) {
  const title = `${typeWord(entry.type)} ${kindWord(entry.kind)}`;
  return (
    <EmptyState title={title.slice(0, 1).toUpperCase() + title.slice(1)}>
      {entry.kind === 'M' && entry.mode !== entry.oldMode
        ? `Its permissions went from ${mode(entry.oldMode)} to ${mode(entry.mode)}.`
        : 'It has no contents of its own.'}
    </EmptyState>
  );
}

/** `1.2 KiB → 1.4 KiB (+0.2 KiB), 0644 → 0755`. */
function facts({ kind, type, size, oldSize, mode: now, oldMode }: ChangeEntry): string {
  const parts: string[] = [];
  if (type === 'f') {
    if (kind === 'M' && size !== oldSize && oldSize >= 0) {
      parts.push(`${formatBytes(oldSize)} → ${formatBytes(size)} (${byteGrowth(size - oldSize)})`);
    } else parts.push(formatBytes(Math.max(size, oldSize, 0)));
  }
  if (kind === 'M' && now !== oldMode && oldMode >= 0)
    parts.push(`${mode(oldMode)} → ${mode(now)}`);
  else if (Math.max(now, oldMode) >= 0) parts.push(mode(now >= 0 ? now : oldMode));
  return parts.join(' · ');
}

function mode(bits: number): string {
  return bits.toString(8).padStart(4, '0');
}

async function save(snapshot: string, path: string): Promise<void> {
  try {
    const { signal } = new AbortController();
    const { bytes, size } = await readFileBytes(snapshot, path, MOST_SAVED, signal);
    if (size > bytes.length) {
      notify({
        operation: 'saving the file',
        reason: `it is larger than ${formatBytes(MOST_SAVED)}`,
        advice: 'Use strata cat.',
      });
      return;
    }
    download(new Blob([bytes]), path.slice(path.lastIndexOf('/') + 1));
  } catch (error) {
    if (!isCancelled(error)) notify(errorParts(error));
  }
}
