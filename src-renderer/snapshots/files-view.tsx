/** The first tab: the tree of changes, and beside it what became of the file that is selected. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { Changes } from '../../src-main/protocol/methods.ts';
import { IconButton } from '../look/button.tsx';
import { classNames } from '../look/class-names.ts';
import { TextField } from '../look/fields.tsx';
import { DiffIcon, MinusIcon, PlusIcon, SearchIcon, SortIcon } from '../look/icons.tsx';
import { Menu } from '../look/menu.tsx';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { Tooltip } from '../look/tooltip.tsx';
import { changeEntry, kindWord, type ChangeKind } from './change-entry.ts';
import type { ChangeFilter } from './change-filter.ts';
import { buildTree, type TreeNode } from './change-tree.ts';
import { ChangeTreeView } from './change-tree-view.tsx';
import { hasFile, type SelectedFile } from './chosen-file.ts';
import { FileDetails } from './file-details.tsx';
import { recallSplit, rememberSplit } from './files-split.ts';
import { KindSign } from './kind-sign.tsx';
import { openAtFirst, pathsTo, treeRows, type TreeOrder } from './tree-rows.ts';
import { useAnswer } from './use-answer.ts';

const KINDS: readonly ChangeKind[] = ['A', 'M', 'R'];

/** Rows that a tree opens with. */
const ROWS_AT_FIRST = 60;

export function FilesView({
  changes,
  passing,
  filter,
  onFilter,
  selected,
  onSelect,
}: {
  readonly changes: Changes;
  /** The changes that pass the filter, as `selectChanges` gives them; they may come a moment after it. */
  readonly passing: Int32Array;
  readonly filter: ChangeFilter;
  readonly onFilter: (filter: ChangeFilter) => void;
  readonly selected: SelectedFile | null;
  readonly onSelect: (file: SelectedFile) => void;
}) {
  const { name, kinds } = filter;
  const [order, setOrder] = useState<TreeOrder>('name');
  const isFiltered = name.trim() !== '';

  const tree = useMemo(() => buildTree(changes, passing), [changes, passing]);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => openAtFirst(tree, ROWS_AT_FIRST));
  // What a filter finds is on view; what one closes meanwhile stays closed.
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setClosed(new Set()), [passing]);
  const rows = useMemo(
    () => treeRows(tree, order, ({ path }) => (isFiltered ? !closed.has(path) : open.has(path))),
    [tree, order, open, closed, isFiltered],
  );

  const selectedPath = selected?.path ?? null;
  useEffect(() => {
    if (selectedPath !== null) setOpen((paths) => new Set([...paths, ...pathsTo(selectedPath)]));
  }, [selectedPath]);

  const toggle = (nodes: readonly TreeNode[], opening: boolean) => {
    const change = (paths: ReadonlySet<string>, add: boolean) => {
      const next = new Set(paths);
      for (const { path } of nodes) {
        if (add) next.add(path);
        else next.delete(path);
      }
      return next;
    };
    if (isFiltered) setClosed((paths) => change(paths, !opening));
    else setOpen((paths) => change(paths, opening));
  };

  const all = () => {
    const paths: string[] = [];
    const visit = (node: TreeNode) => {
      if (node.children.length > 0) paths.push(node.path);
      node.children.forEach(visit);
    };
    visit(tree);
    return new Set(paths);
  };
  const openAll = (opening: boolean) => {
    setOpen(opening ? all() : new Set());
    setClosed(opening ? new Set() : all());
  };

  const index = useMemo(
    () => (selectedPath === null ? -1 : changes.paths.indexOf(selectedPath)),
    [changes, selectedPath],
  );
  const links = useMemo(
    () => new Map(changes.links.map(([at, old, now]) => [at, [old, now] as const])),
    [changes],
  );

  // A file that has not changed is shown as it is; one that neither state has is as good as none.
  const { to } = changes;
  const presence = useAnswer(
    selectedPath === null || index >= 0 ? null : `${to}\n${selectedPath}`,
    (signal) => hasFile(to, selectedPath ?? '', signal),
  );
  const hasDetails =
    selectedPath !== null && (index >= 0 || presence.kind !== 'there' || presence.value);

  const details = () => {
    if (selected === null) return null;
    if (index < 0 && presence.kind === 'waiting') return <Loading label="Looking for the file" />;
    if (index < 0 && presence.kind === 'failed') return <ErrorState error={presence.error} />;
    return (
      <FileDetails
        key={`${changes.from ?? ''} ${to} ${selected.path}`}
        path={selected.path}
        entry={index < 0 ? null : changeEntry(changes, index)}
        link={links.get(index) ?? null}
        from={changes.from}
        to={to}
        line={selected.line}
      />
    );
  };

  const place = useRef<HTMLDivElement>(null);
  const narrow = useIsNarrow(place);
  const split = narrow ? 'above' : 'beside';

  return (
    <Group
      key={split}
      elementRef={place}
      orientation={narrow ? 'vertical' : 'horizontal'}
      className={classNames('files', `files-${split}`)}
      onLayoutChanged={({ details }) => {
        if (details !== undefined) rememberSplit(split, details);
      }}
    >
      <Panel id="tree" minSize={narrow ? '5rem' : '16rem'} className="files-tree">
        <div className="files-bar">
          <TextField
            className="files-filter"
            label="Filter by name"
            placeholder="Filter: name or *.so"
            icon={<SearchIcon />}
            value={name}
            onChange={(next) => onFilter({ ...filter, name: next })}
            onKeyDown={(event) => {
              if (event.key === 'Escape') onFilter({ ...filter, name: '' });
            }}
          />
          {KINDS.map((kind) => (
            <Tooltip key={kind} text={`Show ${kindWord(kind)} files`}>
              <button
                type="button"
                className={classNames('icon-button', 'files-kind')}
                aria-label={`Show ${kindWord(kind)} files`}
                aria-pressed={kinds.has(kind)}
                onClick={() => onFilter({ ...filter, kinds: toggled(kinds, kind) })}
              >
                <KindSign kind={kind} />
              </button>
            </Tooltip>
          ))}
          <Menu
            align="end"
            entries={[
              { kind: 'heading', label: 'Sort by' },
              {
                kind: 'check',
                label: 'Name',
                checked: order === 'name',
                act: () => setOrder('name'),
              },
              {
                kind: 'check',
                label: 'Size, the largest first',
                checked: order === 'size',
                act: () => setOrder('size'),
              },
            ]}
          >
            <button type="button" className="icon-button" aria-label="Sort" title="Sort">
              <SortIcon />
            </button>
          </Menu>
          <IconButton label="Expand all" onClick={() => openAll(true)}>
            <PlusIcon />
          </IconButton>
          <IconButton label="Collapse all" onClick={() => openAll(false)}>
            <MinusIcon />
          </IconButton>
        </div>
        {rows.length === 0 ? (
          <EmptyState
            title={changes.paths.length === 0 ? 'Nothing changed' : 'No file passes the filter'}
          >
            {changes.paths.length === 0 ? 'The two states hold the same files.' : null}
          </EmptyState>
        ) : (
          <ChangeTreeView
            rows={rows}
            typeOf={({ index: at }) => (at < 0 ? 'd' : (changes.types[at] ?? 'f'))}
            targetOf={({ index: at }) => links.get(at)?.[1] ?? links.get(at)?.[0] ?? null}
            selected={selectedPath}
            onSelect={({ path }) => onSelect({ path, line: null })}
            onToggle={toggle}
          />
        )}
        {hasDetails || rows.length === 0 ? null : (
          <p className="files-hint">
            <DiffIcon /> Choose a file to see what became of it.
          </p>
        )}
      </Panel>
      {hasDetails ? (
        <>
          <Separator className="divider" aria-label="Size of the tree" />
          <Panel
            id="details"
            defaultSize={`${recallSplit(split)}%`}
            minSize={narrow ? '4rem' : '14rem'}
            className="files-details"
          >
            {details()}
          </Panel>
        </>
      ) : null}
    </Group>
  );
}

/** Pixels below which the tree stands above the file. */
const NARROW = 720;

function useIsNarrow(place: RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    // The element is another one after each turn; its parent stays.
    const around = place.current?.parentElement;
    if (around === null || around === undefined) return;
    const measure = () => setNarrow(around.clientWidth < NARROW);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(around);
    return () => observer.disconnect();
  }, [place]);
  return narrow;
}

function toggled(kinds: ReadonlySet<ChangeKind>, kind: ChangeKind): ReadonlySet<ChangeKind> {
  const next = new Set(kinds);
  if (!next.delete(kind)) next.add(kind);
  return next;
}
