/** The Derivation editor: the Nix files of the target in tabs, and beside them what they evaluate to. */
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { z } from '../../src-main/protocol/schema.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { Button, IconButton } from '../look/button.tsx';
import { ClosableTabPanel, ClosableTabs } from '../look/closable-tabs.tsx';
import { CodeIcon, FileIcon, SaveIcon, WarningIcon } from '../look/icons.tsx';
import { PaneTools } from '../look/pane.tsx';
import { printable } from '../look/printable.ts';
import { EmptyState } from '../look/states.tsx';
import { useShape } from '../look/use-shape.ts';
import { useConnection } from '../store/connection.ts';
import { EvaluateImpurely } from '../run-bar/evaluate-impurely.tsx';
import { showFile, usePanes } from '../store/panes.ts';
import { usePlan } from '../store/plan.ts';
import { store, stored } from '../store/stored.ts';
import { useWish } from '../store/wish.ts';
import { CodeView, type Place } from './code-view.tsx';
import { DerivationSide } from './derivation-side.tsx';
import {
  activate,
  closeFile,
  modelOf,
  openFile,
  reloadFile,
  saveFile,
  showNoFile,
  useDocuments,
  type OpenFile,
} from './documents.ts';
import { impureMarks, marksIn, placeOf, type EvaluationMark } from './evaluation-marks.ts';
import { baseName, tabName } from './file-names.ts';
import { FileQuestions } from './file-questions.tsx';
import { LanguageLine } from './language/language-line.tsx';
import { findBinding } from './nix/bindings.ts';
import { fileOfTarget } from './target-file.ts';
import { useText } from './use-text.ts';
import './editor.css';

const sideKey = 'editor.side';
/** Pixels that text and derivation need beside each other. */
const beside = 720;

export function DerivationEditor() {
  const { files, active } = useDocuments();
  const [side, setSide] = useState(() => stored(sideKey, z.boolean(), true));
  const [shape, measured] = useShape(beside);
  const place = useRequestedPlace();
  const error = usePlan(({ state }) => (state.kind === 'failed' ? state.error : null));
  const marks = useMarks(active, error);
  useTargetFile();
  useRequestedBinding();
  const file = files.find((one) => one.path === active);
  const toggleSide = () => {
    store(sideKey, !side);
    setSide(!side);
  };
  return (
    <>
      <PaneTools>
        <IconButton
          label={side ? 'Hide the evaluated derivation' : 'Show the evaluated derivation'}
          pressed={side}
          onClick={toggleSide}
        >
          <CodeIcon />
        </IconButton>
      </PaneTools>
      <Group
        key={shape}
        elementRef={measured}
        orientation={shape === 'wide' ? 'horizontal' : 'vertical'}
        className="editor-group"
      >
        <Panel id="text" minSize="8rem">
          {files.length === 0 ? (
            <NoFile />
          ) : (
            <ClosableTabs
              label="Open files"
              tabs={files.map((one) => tabOf(one, files))}
              value={active ?? ''}
              onChange={activate}
              onClose={closeFile}
              tools={
                <IconButton
                  label="Save"
                  keys="Ctrl S"
                  disabled={file?.dirty !== true}
                  onClick={() => (file === undefined ? undefined : void saveFile(file.path))}
                >
                  <SaveIcon />
                </IconButton>
              }
            >
              {file === undefined ? (
                <NoFile />
              ) : (
                <ClosableTabPanel value={file.path}>
                  {file.changedOutside ? <ChangedOutside path={file.path} /> : null}
                  <CodeView path={file.path} marks={marks} place={place} />
                  {error === null ? null : <Problem error={error} path={file.path} marks={marks} />}
                  <LanguageLine path={file.path} />
                </ClosableTabPanel>
              )}
            </ClosableTabs>
          )}
        </Panel>
        {side ? (
          <>
            <Separator
              className="editor-separator"
              aria-label="Width of the evaluated derivation"
            />
            <Panel id="side" defaultSize="40%" minSize="8rem">
              <DerivationSide
                isDefinedHere={(name) => definitionOf(active, name) !== null}
                goToDefinition={(name) => goTo(active, name)}
              />
            </Panel>
          </>
        ) : null}
      </Group>
      <FileQuestions />
    </>
  );
}

function tabOf(file: OpenFile, files: readonly OpenFile[]) {
  const paths = files.map(({ path }) => path);
  return {
    value: file.path,
    label: tabName(file.path, paths),
    title: printable(file.path),
    icon: <FileIcon />,
    mark: file.dirty ? { says: 'not saved' } : null,
  };
}

function NoFile() {
  const target = useWish(({ wish }) => wish.target);
  return (
    <EmptyState icon={<FileIcon />} title={target === '' ? 'No file is open' : 'No file to edit'}>
      {target === ''
        ? 'Open a .nix file or a flake in the run bar; it will be here.'
        : 'This target has no file on this machine that could be edited.'}
    </EmptyState>
  );
}

function ChangedOutside({ path }: { readonly path: string }) {
  return (
    <p className="editor-strip editor-strip-warning" role="status">
      <WarningIcon />
      <span>Another program has changed this file.</span>
      <Button onClick={() => void reloadFile(path)}>Take its text</Button>
    </p>
  );
}

/** The evaluation's error in a line: its place is a button. */
function Problem({
  error,
  path,
  marks,
}: {
  readonly error: WireError;
  /** Of the file on the screen, and what is marked in it. */
  readonly path: string;
  readonly marks: readonly EvaluationMark[];
}) {
  const marked = marks.find(({ kind }) => kind === 'error');
  const where = placeOf(error) ?? (marked === undefined ? null : { file: path, ...marked });
  // What is wrong with no text is said where the plan would be.
  if (where === null) return null;
  return (
    <p className="editor-strip editor-strip-error" role="alert">
      <WarningIcon />
      <span className="editor-strip-text">{error.reason}</span>
      <EvaluateImpurely error={error} />
      <Button
        look="ghost"
        title={printable(where.file)}
        onClick={() => showFile(where.file, where.line, where.column)}
      >
        {`${baseName(where.file)}:${where.line}:${where.column}`}
      </Button>
    </p>
  );
}

/** What is marked in the file on the screen. In a flake also what is impure, unless the run may be. */
function useMarks(path: string | null, error: WireError | null): readonly EvaluationMark[] {
  const isImpure = useWish(({ wish }) => wish.impure);
  const flake = path !== null && !isImpure && path.endsWith('/flake.nix') ? path : null;
  const text = useText(flake);
  return useMemo(() => {
    const marks = path === null ? [] : marksIn(path, error);
    return text === null ? marks : [...marks, ...impureMarks(text, error, marks)];
  }, [path, error, text]);
}

/** The file that is asked for through the store, opened, and then the place in it. */
function useRequestedPlace(): Place | null {
  const request = usePanes(({ file }) => file);
  const [place, setPlace] = useState<Place | null>(null);
  useEffect(() => {
    if (request === null) return;
    void openFile(request.path).then((opened) => {
      if (opened) setPlace(request);
    });
  }, [request]);
  return place;
}

/** The attribute that is asked for through the store, in the target's file. */
function useRequestedBinding(): void {
  const request = usePanes(({ binding }) => binding);
  const reveal = useEffectEvent(async (names: readonly string[]) => {
    const { target } = useWish.getState().wish;
    const directory = useConnection.getState().hello?.directory;
    const file = directory === undefined ? null : fileOfTarget(target, directory);
    if (file === null || !(await openFile(file))) return;
    const name = names.find((one) => definitionOf(file, one) !== null);
    if (name === undefined) showFile(file);
    else goTo(file, name);
  });
  useEffect(() => {
    if (request !== null) void reveal(request.names);
  }, [request]);
}

/** The target's file opens by itself, each time a target is opened. */
function useTargetFile(): void {
  const target = useWish(({ wish }) => wish.target);
  const opened = useWish((state) => state.opened);
  const directory = useConnection(({ hello }) => hello?.directory ?? null);
  const open = useEffectEvent(async (file: string | null) => {
    // The file of the target before would be taken for this one's.
    if (file === null || !(await openFile(file, true))) showNoFile();
  });
  useEffect(() => {
    if (directory === null || target === '') return;
    void open(fileOfTarget(target, directory));
  }, [target, opened, directory]);
}

function definitionOf(path: string | null, name: string) {
  const model = path === null ? null : modelOf(path);
  return model === null ? null : findBinding(model.getValue(), name);
}

function goTo(path: string | null, name: string): void {
  const model = path === null ? null : modelOf(path);
  const binding = definitionOf(path, name);
  if (path === null || model === null || binding === null) return;
  const { lineNumber, column } = model.getPositionAt(binding.start);
  showFile(path, lineNumber, column);
}
