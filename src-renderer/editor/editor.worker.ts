/** Monaco's worker: diffs, links and word completion are computed here. */
import 'monaco-editor/editor/editor.worker';
