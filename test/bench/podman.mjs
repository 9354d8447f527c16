// podman as a peer: images built from an empty one that holds a static busybox, in a storage of our own, without a network.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class Podman {
  #workshop;
  #options;

  constructor(workshop, options) {
    this.#workshop = workshop;
    this.#options = options;
  }

  /** Gives a Podman, or a text that says why there is none and what to install. */
  static open(workshop) {
    const busybox = findBusybox();
    if (spawnSync('podman', ['--version']).status !== 0) return 'not measured: install podman';
    if (busybox === null) return 'not measured: install busybox-static';
    const context = join(workshop.directory, 'podman-context');
    mkdirSync(context, { recursive: true });
    copyFileSync(busybox, join(context, 'busybox'));
    copyFileSync(workshop.derivationFile('write-tree.sh'), join(context, 'write-tree.sh'));
    const reasons = [];
    // Where overlay is refused podman has copies of whole trees, as we do.
    for (const driver of ['overlay', 'vfs']) {
      const place = join(workshop.directory, `podman-${driver}`);
      const podman = new Podman(workshop, [
        ...['--root', join(place, 'root'), '--runroot', join(place, 'run')],
        ...['--storage-driver', driver],
      ]);
      const failure = podman.#tryOut();
      if (failure === null) return podman;
      reasons.push(failure);
    }
    return `not measured: podman build fails here: ${reasons.at(-1)}`;
  }

  get driver() {
    return this.#options.at(-1);
  }

  /** The words of `podman build` of the steps; `cached` lets it reuse what it built before. */
  build(name, steps, cached) {
    const file = join(this.#workshop.directory, 'podman-context', `${name}.containerfile`);
    const head = ['FROM scratch', 'COPY busybox /bin/sh', 'COPY write-tree.sh /write-tree.sh'];
    writeFileSync(file, [...head, ...steps.map((step) => `RUN ${step}`), ''].join('\n'));
    return [
      ...this.command('build', '--isolation', 'chroot', '--network', 'host', '--quiet'),
      ...[cached ? '--layers' : '--no-cache', '--tag', name, '--file', file],
      join(this.#workshop.directory, 'podman-context'),
    ];
  }

  command(verb, ...args) {
    return ['podman', ...this.#options, verb, ...args];
  }

  /** Takes away the storage: an ordinary user's holds files of other users of its namespace. */
  close() {
    const root = this.#options[1];
    if (process.getuid?.() === 0)
      spawnSync('podman', [...this.#options, 'rmi', '--all', '--force']);
    else spawnSync('podman', ['unshare', 'rm', '-rf', join(root, '..')]);
  }

  /** null, or the last words of a build that failed. */
  #tryOut() {
    const [program, ...args] = this.build('try', ['echo x > /x'], false);
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    return status === 0 ? null : (stderr.trim().split('\n').at(-1) ?? 'without a word');
  }
}

function findBusybox() {
  const { status, stdout } = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}
