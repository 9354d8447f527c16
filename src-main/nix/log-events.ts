/**
 * Nix's `--log-format internal-json`: lines `@nix {…}` on standard error (Nix: src/libutil/logging.cc, `JSONLogger`; the
 * numbers are those of `ActivityType` and `ResultType` in logging.hh).
 *
 * Nothing here throws: what is unknown or damaged is kept as `other` or `text`, because each release of Nix adds types.
 */

/** What an activity does; its fields by position in Nix are named here. */
export type Activity =
  | {
      readonly kind: 'copy-path';
      readonly path: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'file-transfer'; readonly uri: string }
  | { readonly kind: 'realise' }
  | { readonly kind: 'copy-paths' }
  | { readonly kind: 'builds' }
  /** `machine` is the remote builder; the empty string here. */
  | { readonly kind: 'build'; readonly derivation: string; readonly machine: string }
  | { readonly kind: 'optimise-store' }
  | { readonly kind: 'verify-paths' }
  | { readonly kind: 'substitute'; readonly path: string; readonly from: string }
  | { readonly kind: 'query-path-info'; readonly path: string; readonly from: string }
  | { readonly kind: 'post-build-hook'; readonly derivation: string }
  /** `derivation` is the empty string where Nix names none. */
  | { readonly kind: 'build-waiting'; readonly derivation: string }
  | { readonly kind: 'fetch-tree' }
  | { readonly kind: 'other'; readonly type: number; readonly fields: readonly unknown[] };

/** What an activity tells about itself. */
export type Result =
  | { readonly kind: 'build-log-line'; readonly line: string }
  | { readonly kind: 'post-build-log-line'; readonly line: string }
  | { readonly kind: 'set-phase'; readonly phase: string }
  /** Bytes for transfers and copies, numbers of things for `builds` and `copy-paths`. */
  | {
      readonly kind: 'progress';
      readonly done: number;
      readonly expected: number;
      readonly running: number;
      readonly failed: number;
    }
  | { readonly kind: 'set-expected'; readonly activityType: number; readonly expected: number }
  | { readonly kind: 'other'; readonly type: number; readonly fields: readonly unknown[] };

/** Ids are text: Nix makes them of its process id and a counter, `pid<<32 + n`, and numbers here would collide. */
export type LogEvent =
  | {
      readonly kind: 'start';
      readonly id: string;
      /** Null where Nix names none. */
      readonly parent: string | null;
      /** 0 error, 1 warn, 2 notice, 3 info, 4 talkative, 5 chatty, 6 debug, 7 vomit. */
      readonly level: number;
      readonly text: string;
      readonly activity: Activity;
    }
  | { readonly kind: 'stop'; readonly id: string }
  | { readonly kind: 'result'; readonly id: string; readonly result: Result }
  /** `message` has Nix's colours. */
  | { readonly kind: 'message'; readonly level: number; readonly message: string }
  /** A line of JSON with an action that is not known. */
  | { readonly kind: 'other'; readonly line: string }
  /** A line that is not Nix's JSON: of a hook, of ssh, of a Nix that died. */
  | { readonly kind: 'text'; readonly line: string };

const PREFIX = '@nix ';

/**
 * Makes the ids strings before JSON turns them into numbers. No string can contain the pattern, because its quote would
 * be escaped there.
 */
const IDS = /([{,]"(?:id|parent)":)(\d+)/g;

/** The event in one line, without its line feed. */
export function parseLogLine(line: string): LogEvent {
  if (!line.startsWith(PREFIX)) return { kind: 'text', line };
  let json: unknown;
  try {
    json = JSON.parse(line.slice(PREFIX.length).replace(IDS, '$1"$2"'));
  } catch {
    // A line cut off by the death of Nix, or the output of something that imitates it.
    return { kind: 'text', line };
  }
  return (isRecord(json) ? event(json) : null) ?? { kind: 'other', line };
}

type JsonRecord = Readonly<Record<string, unknown>>;

function event(json: JsonRecord): LogEvent | null {
  const id = text(json['id']);
  switch (json['action']) {
    case 'start': {
      const parent = text(json['parent']);
      return {
        kind: 'start',
        id,
        parent: parent === '' || parent === '0' ? null : parent,
        level: number(json['level']),
        text: text(json['text']),
        activity: activity(number(json['type']), fields(json)),
      };
    }
    case 'stop':
      return { kind: 'stop', id };
    case 'result':
      return { kind: 'result', id, result: result(number(json['type']), fields(json)) };
    case 'msg':
      return { kind: 'message', level: number(json['level']), message: text(json['msg']) };
    default:
      return null;
  }
}

function activity(type: number, fields: readonly unknown[]): Activity {
  const [first, second, third] = fields;
  switch (type) {
    case 100:
      return { kind: 'copy-path', path: text(first), from: text(second), to: text(third) };
    case 101:
      return { kind: 'file-transfer', uri: text(first) };
    case 102:
      return { kind: 'realise' };
    case 103:
      return { kind: 'copy-paths' };
    case 104:
      return { kind: 'builds' };
    case 105:
      return { kind: 'build', derivation: text(first), machine: text(second) };
    case 106:
      return { kind: 'optimise-store' };
    case 107:
      return { kind: 'verify-paths' };
    case 108:
      return { kind: 'substitute', path: text(first), from: text(second) };
    case 109:
      return { kind: 'query-path-info', path: text(first), from: text(second) };
    case 110:
      return { kind: 'post-build-hook', derivation: text(first) };
    case 111:
      return { kind: 'build-waiting', derivation: text(first) };
    case 112:
      return { kind: 'fetch-tree' };
    default:
      return { kind: 'other', type, fields };
  }
}

function result(type: number, fields: readonly unknown[]): Result {
  const [first, second, third, fourth] = fields;
  switch (type) {
    case 101:
      return { kind: 'build-log-line', line: text(first) };
    case 104:
      return { kind: 'set-phase', phase: text(first) };
    case 105:
      return {
        kind: 'progress',
        done: number(first),
        expected: number(second),
        running: number(third),
        failed: number(fourth),
      };
    case 106:
      return { kind: 'set-expected', activityType: number(first), expected: number(second) };
    case 107:
      return { kind: 'post-build-log-line', line: text(first) };
    default:
      return { kind: 'other', type, fields };
  }
}

function fields(json: JsonRecord): readonly unknown[] {
  const value = json['fields'];
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
