/** Which attribute of the target, completed from those it has. */
import { useEffect, useState } from 'react';
import { callEngine } from '../connection/connection.ts';
import { Combobox } from '../look/combobox.tsx';
import { useConnection } from '../store/connection.ts';
import { openTarget, useWish } from '../store/wish.ts';
import { attributesFile } from './target-path.ts';

const most = 200;

export function AttributeField() {
  const { wish, opened } = useWish();
  const [text, setText] = useState(wish.attribute ?? '');
  useEffect(() => setText(wish.attribute ?? ''), [wish.attribute, opened]);
  const attributes = useAttributes(attributesFile(wish.target));
  const edited = text !== (wish.attribute ?? '');
  const wanted = edited ? text.toLowerCase() : '';
  const take = (value: string) => {
    const attribute = value.trim() === '' ? null : value.trim();
    if (attribute !== wish.attribute) openTarget(wish.target, attribute);
  };
  return (
    <Combobox
      className="attribute-field"
      label="Attribute"
      placeholder="Attribute"
      value={text}
      suggestions={attributes
        .filter((name) => name.toLowerCase().includes(wanted))
        .slice(0, most)
        .map((value) => ({ value, label: value }))}
      onChange={setText}
      onTake={take}
      onLeave={() => {
        if (edited) take(text);
      }}
    />
  );
}

function useAttributes(file: string | null): readonly string[] {
  const [attributes, setAttributes] = useState<readonly string[]>([]);
  const connected = useConnection(({ state }) => state === 'connected');
  useEffect(() => {
    setAttributes([]);
    if (file === null || !connected) return undefined;
    const controller = new AbortController();
    callEngine('attributes', { file }, controller.signal)
      .then(setAttributes)
      // A file that does not evaluate says so in the timeline; here one types the name.
      .catch(() => undefined);
    return () => controller.abort();
  }, [file, connected]);
  return attributes;
}
