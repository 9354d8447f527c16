/** The type of the loaded Monaco, without Monaco. */
import type * as MonacoModule from 'monaco-editor/editor';

/** All of Monaco that the window uses, with Nix registered and the theme of the look in force. */
export type Monaco = typeof MonacoModule;
