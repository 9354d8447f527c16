/** What Monaco is made of in Strata: its features, the languages one meets in packages, Nix, the worker and the theme. */
import * as monaco from 'monaco-editor/editor';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/cpp/register';
import 'monaco-editor/languages/definitions/css/register';
import 'monaco-editor/languages/definitions/dockerfile/register';
import 'monaco-editor/languages/definitions/go/register';
import 'monaco-editor/languages/definitions/html/register';
import 'monaco-editor/languages/definitions/ini/register';
import 'monaco-editor/languages/definitions/java/register';
import 'monaco-editor/languages/definitions/javascript/register';
import 'monaco-editor/languages/definitions/lua/register';
import 'monaco-editor/languages/definitions/markdown/register';
import 'monaco-editor/languages/definitions/perl/register';
import 'monaco-editor/languages/definitions/php/register';
import 'monaco-editor/languages/definitions/python/register';
import 'monaco-editor/languages/definitions/ruby/register';
import 'monaco-editor/languages/definitions/rust/register';
import 'monaco-editor/languages/definitions/scheme/register';
import 'monaco-editor/languages/definitions/shell/register';
import 'monaco-editor/languages/definitions/tcl/register';
import 'monaco-editor/languages/definitions/typescript/register';
import 'monaco-editor/languages/definitions/xml/register';
import 'monaco-editor/languages/definitions/yaml/register';
import type { Monaco } from './monaco-type.ts';
import { followTheme } from './monaco-theme.ts';
import { nixConfiguration, nixGrammar, nixLanguageId } from './nix/grammar.ts';

export function setUpMonaco(): Monaco {
  // A script of our own origin: a blob or data URL would need a hole in the content security policy.
  globalThis.MonacoEnvironment = {
    getWorker: () => new Worker(new URL('./editor.worker.ts', import.meta.url), { type: 'module' }),
  };
  monaco.languages.register({ id: nixLanguageId, extensions: ['.nix'], aliases: ['Nix'] });
  monaco.languages.setMonarchTokensProvider(nixLanguageId, nixGrammar);
  monaco.languages.setLanguageConfiguration(nixLanguageId, nixConfiguration);
  followTheme(monaco);
  return monaco;
}
