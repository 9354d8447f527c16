/**
 * The base: the lowest layer of every state of a derivation. It holds what is there before a builder starts and is no
 * phase's doing: mount points of the input closure, Nix's own /etc, the files Nix lays into the build directory.
 *
 * It is no part of any snapshot, so two derivations with different inputs can stand on the same snapshots.
 * What is in it follows Nix 2.8 to 2.34, src/libstore/…/local-derivation-goal.cc (`startBuilder`).
 */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { HostBind } from './policy.ts';
import { isSystemError } from '../protocol/errors.ts';

/** A file of the base. */
export interface BaseFile {
  /** Absolute, as the builder sees it. */
  readonly path: string;
  readonly contents: string | Uint8Array;
  readonly mode: number;
}

export interface BaseContents {
  /** The store directory, /nix/store as a rule. */
  readonly storeDirectory: string;
  /** Store paths to show, links among them. */
  readonly closure: readonly string[];
  /** Host paths to show; the paths of the policy included. */
  readonly binds: readonly HostBind[];
  readonly files: readonly BaseFile[];
  /** Whether the build sees the network: then names must be resolvable as on the host. */
  readonly network: boolean;
}

/** Where the engine and the hooks meet inside a sandbox; see control.ts. */
export const CONTROL_DIRECTORY = '/.strata';

const PASSWD = `root:x:0:0:Nix build user:/build:/noshell
nixbld:x:1000:100:Nix build user:/build:/noshell
nobody:x:65534:65534:Nobody:/:/noshell
`;
const GROUP = `root:x:0:
nixbld:!:100:
nogroup:x:65534:
`;
const HOSTS = `127.0.0.1 localhost
::1 localhost
`;
const NSSWITCH = `hosts: files dns
services: files
`;
/** What Nix binds for a build with network. */
const NETWORK_FILES = ['/etc/resolv.conf', '/etc/services', '/etc/hosts'];

/**
 * Makes the directories that every build writes to in the first layer of a chain, so that no phase seems to have made them.
 *
 * @param tree the directory that takes the layer's writes
 */
export function makeBuildDirectories(tree: string, storeDirectory: string): void {
  makeDirectory(join(tree, storeDirectory), 0o1775);
  makeDirectory(join(tree, '/tmp'), 0o1777);
  makeDirectory(join(tree, '/build'), 0o700);
}

/**
 * Writes a base into an empty directory and gives the binds that fill its mount points, parents before children.
 *
 * Optional binds whose source is missing are left out; store paths that are symbolic links are recreated, since a link
 * cannot be mounted on.
 *
 * @throws NodeJS.ErrnoException where a bind that is not optional has no source, or the disk refuses.
 */
export function writeBase(directory: string, contents: BaseContents): readonly HostBind[] {
  for (const path of ['/build', '/dev', '/etc', '/proc', '/tmp', CONTROL_DIRECTORY]) {
    mkdirSync(join(directory, path), { recursive: true });
  }
  makeBuildDirectories(directory, contents.storeDirectory);
  writeFile(directory, { path: '/etc/passwd', contents: PASSWD, mode: 0o644 });
  writeFile(directory, { path: '/etc/group', contents: GROUP, mode: 0o644 });
  if (contents.network) {
    writeFile(directory, { path: '/etc/nsswitch.conf', contents: NSSWITCH, mode: 0o644 });
  } else {
    writeFile(directory, { path: '/etc/hosts', contents: HOSTS, mode: 0o644 });
  }
  for (const file of contents.files) writeFile(directory, file);
  const wanted = [
    ...contents.closure.map((path) => ({
      source: path,
      target: path,
      optional: false,
      keepLink: true,
    })),
    ...(contents.network ? NETWORK_FILES : []).map((path) => ({
      source: path,
      target: path,
      optional: true,
      keepLink: false,
    })),
    ...contents.binds,
  ];
  return wanted
    .filter((bind) => makeMountPoint(directory, bind))
    .toSorted((a, b) => a.target.split('/').length - b.target.split('/').length);
}

/** Makes the place for a bind; false where nothing is to be mounted. */
function makeMountPoint(directory: string, bind: HostBind): boolean {
  const place = join(directory, bind.target);
  try {
    if (bind.keepLink && lstatSync(bind.source).isSymbolicLink()) {
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(readlinkSync(bind.source), place);
      return false;
    }
    if (statSync(bind.source).isDirectory()) {
      mkdirSync(place, { recursive: true });
    } else {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, '', { flag: 'a' });
    }
    return true;
  } catch (error) {
    if (bind.optional && isSystemError(error) && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** The mode is set by hand: mkdir's is cut by the umask. */
function makeDirectory(path: string, mode: number): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
}

function writeFile(directory: string, file: BaseFile): void {
  const path = join(directory, file.path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file.contents);
  chmodSync(path, file.mode);
}
