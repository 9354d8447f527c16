/** What is mounted where in this process's namespace; from the text of /proc/self/mountinfo (proc(5)). */

/** Whether something is mounted at a path that has no links. */
export function isMountPoint(mountinfo: string, path: string): boolean {
  return mountinfo.split('\n').some((line) => {
    const [, , , , place = ''] = line.split(' ');
    return unescape(place) === path;
  });
}

/** Blanks, backslashes and their like are written as `\` and three octal digits, of bytes. */
function unescape(text: string): string {
  const bytes = text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    Buffer.from([Number.parseInt(digits, 8)]).toString('latin1'),
  );
  return bytes === text ? text : Buffer.from(bytes, 'latin1').toString('utf8');
}
