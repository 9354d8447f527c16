/**
 * What a phase can see of a shell's state: the code it reaches, the variables that code names, and the exported variables
 * that tools read (DESIGN, section 7, *smart*).
 */
import { codeWords, normaliseCode, type CodeWords } from './code-words.ts';
import { canonicalVariable, valueText, type Variable } from './declarations.ts';
import type { ShellState } from './shell-state.ts';

/** What a phase sees, each thing by a label a person can read, with a text that is equal where the thing is. */
export type Sights = ReadonlyMap<string, string>;

/** Functions that drive the phases and belong to none. */
const DRIVERS = new Set(['genericBuild', 'definePhases', 'printPhases', 'runPhase']);

/** Variables that list phases, or that only say which one runs. */
const PHASE_LISTS = /^(phases|curPhase|(pre|post)([A-Z][a-z]+)?Phases)$/;

/** The convention for variables that programs read from their environment, NIX_* and PATH included. */
const TOOL_VARIABLE = /^(NIX_\w*|[A-Z_][A-Z0-9_]*)$/;

/**
 * The shell's own bookkeeping about where it is, the directory itself being counted apart; and how many cores to use, which
 * Nix does not count as an input either.
 */
const UNCOUNTED = new Set(['PWD', 'OLDPWD', 'SHLVL', 'NIX_BUILD_CORES']);

/** What reads every exported variable: `substituteAll`, which puts any of them into a text, and what prints them. */
const READS_ENVIRONMENT =
  /\bsubstituteAll|\bprintenv\b|\bcompgen -e|\b(export|declare|typeset)( -p| -px| -xp)?\s*($|[|>;&)])|(^|[;|&(])\s*env\s*($|[|>;&)])/m;

/** Functions of the stdenv that do so for whoever calls them, who is counted himself; fixupPhase only for `setupHook`. */
const READS_FOR_OTHERS = /^(substituteAll|_allFlags|fixupPhase$|dumpVars$)/;
const SUBSTITUTED_FILES = /^setupHooks?$/;

/** Names that hold code by the stdenv's conventions: `buildPhase`, `preInstall`, `fixupOutputHooks`. */
const CODE_VARIABLE = /(Phase|Hook|Hooks)$|^(pre|post)[A-Z]|^buildCommand$/;

/** Everything: the whole environment, for the policy *strict*. */
export function wholeState(state: ShellState): Sights {
  const sights = new Map(shellSights(state));
  sights.set('the arguments of the builder', JSON.stringify(state.args));
  for (const [name, variable] of state.variables) {
    if (!UNCOUNTED.has(name)) sights.set(name, canonicalVariable(variable));
  }
  for (const [name, { text, exported }] of state.functions) {
    sights.set(`function ${name}`, exported ? `export ${text}` : text);
  }
  return sights;
}

/**
 * What one phase can see.
 *
 * @param roots the names its code has: the phase's own
 * @param phases the names of all phases: the code of another phase counts only where this one's code calls it
 * @param code more code that it runs, such as a file it sources
 */
export function visibleTo(
  roots: readonly string[],
  state: ShellState,
  phases: readonly string[],
  code: readonly string[] = [],
): Sights {
  const sights = new Map(shellSights(state));
  for (const [name, variable] of state.variables) {
    const read = variable.attributes.includes('x') && TOOL_VARIABLE.test(name);
    if (read && !UNCOUNTED.has(name)) sights.set(name, canonicalVariable(variable));
  }
  const others = new Set(phases.filter((name) => !roots.includes(name)));
  const walk = new Walk(state, others, sights);
  for (const root of roots) walk.reach(root);
  for (const text of code) walk.followCode(text);
  // Children that are bash can call these.
  for (const [name, { exported }] of state.functions) if (exported) walk.reach(name);
  walk.finish();
  return sights;
}

/** Options, umask, directory and aliases: they change what any code does. */
function shellSights(state: ShellState): [string, string][] {
  return [
    ['the shell (bash)', state.bash],
    ['shell options', `${state.setOptions}${state.shellOptions}`],
    ['umask', state.umask],
    ['the working directory', state.directory],
    ['aliases', state.aliases],
    ['traps', state.traps],
  ];
}

/** The walk through the code a phase reaches. */
class Walk {
  readonly #state: ShellState;
  readonly #otherPhases: ReadonlySet<string>;
  readonly #sights: Map<string, string>;
  readonly #done = new Set<string>();
  readonly #queue: string[] = [];

  constructor(state: ShellState, otherPhases: ReadonlySet<string>, sights: Map<string, string>) {
    this.#state = state;
    this.#otherPhases = otherPhases;
    this.#sights = sights;
  }

  /** Notes a name, which may be a function, a variable, both, or nothing at all. */
  reach(name: string): void {
    if (this.#done.has(name)) return;
    this.#done.add(name);
    this.#queue.push(name);
  }

  finish(): void {
    for (let name = this.#queue.pop(); name !== undefined; name = this.#queue.pop()) {
      if (!DRIVERS.has(name)) this.#visitFunction(name);
      if (!PHASE_LISTS.test(name)) this.#visitVariable(name);
      // `runHook preInstall` also runs what is in the array preInstallHooks (and `xHook` what is in xHooks).
      this.reach(name.endsWith('Hooks') ? name : `${name.replace(/Hook$/, '')}Hooks`);
    }
  }

  #visitFunction(name: string): void {
    const definition = this.#state.functions.get(name);
    if (definition === undefined) return;
    this.#sights.set(`function ${name}`, definition.text);
    if (READS_FOR_OTHERS.test(name)) this.follow(wordsOf(definition.text));
    else this.followCode(definition.text);
  }

  #visitVariable(name: string): void {
    const variable = this.#state.variables.get(name);
    if (variable === undefined || UNCOUNTED.has(name)) return;
    if (!CODE_VARIABLE.test(name)) {
      this.#sights.set(name, canonicalVariable(variable));
      this.#followValue(valueText(variable));
      return;
    }
    this.#sights.set(name, canonicalCode(variable));
    for (const code of codeTexts(variable)) this.followCode(normaliseCode(code));
    if (SUBSTITUTED_FILES.test(name) && valueText(variable) !== '') this.#seeEnvironment();
  }

  /** Notes what a value leads to: it may be the name of a variable (`${!outputBin}`), or code for `eval`. */
  #followValue(text: string): void {
    const { functions, variables } = this.#state;
    if (variables.has(text)) this.reach(text);
    const words = wordsOf(text);
    for (const name of words.all) {
      if (functions.has(name) && !this.#otherPhases.has(name)) this.reach(name);
    }
    for (const name of words.expanded) if (variables.has(name)) this.reach(name);
  }

  /** Notes what a package's own code leads to. */
  followCode(code: string): void {
    if (READS_ENVIRONMENT.test(code)) this.#seeEnvironment();
    this.follow(wordsOf(code));
  }

  /** Every exported variable counts; the code of phases does not, which nobody puts into a file. */
  #seeEnvironment(): void {
    for (const [name, variable] of this.#state.variables) {
      const counts = variable.attributes.includes('x') && !UNCOUNTED.has(name);
      if (!counts || CODE_VARIABLE.test(name) || PHASE_LISTS.test(name)) continue;
      this.#sights.set(name, canonicalVariable(variable));
    }
  }

  /** Notes the names that code mentions. */
  follow(words: CodeWords): void {
    const { functions, variables } = this.#state;
    for (const name of words.all) {
      // Other phases are spoken of in messages ("no Makefile or custom buildPhase"); a call stands outside quotes.
      const mention = this.#otherPhases.has(name) && !words.bare.has(name);
      if (functions.has(name) && !mention) this.reach(name);
      else if (
        variables.has(`${name}Hooks`) ||
        (variables.has(name) && CODE_VARIABLE.test(name) && !mention)
      )
        this.reach(name);
    }
    for (const names of [words.expanded, words.bare]) {
      for (const name of names) {
        if (variables.has(name) && !words.own.has(name) && !this.#otherPhases.has(name)) {
          this.reach(name);
        }
      }
    }
  }
}

/** Words of the functions of a stdenv, which are the same run after run. */
const wordCache = new Map<string, CodeWords>();
const WORD_CACHE_ENTRIES = 2000;

function wordsOf(code: string): CodeWords {
  const known = wordCache.get(code);
  if (known !== undefined) return known;
  const words = codeWords(code);
  if (wordCache.size >= WORD_CACHE_ENTRIES) wordCache.clear();
  wordCache.set(code, words);
  return words;
}

function codeTexts(variable: Variable): readonly string[] {
  const { value } = variable;
  if (value === null) return [];
  return value.kind === 'scalar' ? [value.text] : value.items.map(([, text]) => text);
}

function canonicalCode(variable: Variable): string {
  return JSON.stringify([variable.attributes, codeTexts(variable).map(normaliseCode)]);
}
