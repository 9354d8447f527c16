import { describe, expect, it } from 'vitest';
import { attributesText, parseAttributes } from '../../../src-main/oci/file-attributes.ts';

describe('extended attributes', () => {
  it('are read as getfattr -e hex writes them, without those of overlay', () => {
    const text = [
      '# file: ./build/a\\012b',
      'user.comment=0x6869',
      'user.empty=""',
      'user.overlay.opaque=0x79',
      '',
      '# file: ./c',
      'user.none',
      '',
    ].join('\n');
    expect(parseAttributes(Buffer.from(text))).toEqual(
      new Map([['/build/a\nb', new Map([['user.comment', Buffer.from('hi')]])]]),
    );
  });

  it('are written as they are read; those of the system are not', () => {
    const attributes = new Map([
      ['/odd\\\n\udcff', new Map([['user.a=b', Buffer.from([0, 255])]])],
      ['/plain', new Map([['security.selinux', Buffer.from('x')]])],
    ]);
    const text = attributesText(attributes);
    expect(text.toString('latin1')).toBe('# file: ./odd\\134\\012\xff\nuser.a\\075b=0x00ff\n\n');
    expect([...parseAttributes(text).keys()]).toEqual(['/odd\\\n\udcff']);
  });
});
