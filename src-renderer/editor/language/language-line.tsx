/** One quiet line below the text: how to get a language server, or what went wrong with the one that is there. */
import { useState } from 'react';
import { z } from '../../../src-main/protocol/schema.ts';
import { Button, IconButton } from '../../look/button.tsx';
import { CrossIcon } from '../../look/icons.tsx';
import { useConnection } from '../../store/connection.ts';
import { store, stored } from '../../store/stored.ts';
import { hasLanguageServer, useLanguageServer } from './language-server.ts';

const closedKey = 'editor.languageHintClosed';

export function LanguageLine({ path }: { readonly path: string }) {
  const has = useConnection(({ hello }) => hasLanguageServer(hello?.tools));
  const { problem, startAgain } = useLanguageServer();
  const [closed, setClosed] = useState(() => stored(closedKey, z.boolean(), false));
  if (!path.endsWith('.nix')) return null;
  if (problem !== null) {
    return (
      <p className="editor-strip editor-strip-warning" role="status">
        <span className="editor-strip-text">
          {[`${problem.operation}: ${problem.reason}`, problem.advice].filter(Boolean).join('\n')}
        </span>
        {startAgain === null ? null : (
          <Button look="ghost" onClick={startAgain}>
            Start again
          </Button>
        )}
        <IconButton
          label="Close this line"
          onClick={() => useLanguageServer.setState({ problem: null })}
        >
          <CrossIcon />
        </IconButton>
      </p>
    );
  }
  if (has !== false || closed) return null;
  const close = () => {
    store(closedKey, true);
    setClosed(true);
  };
  return (
    <p className="editor-strip editor-strip-quiet">
      <span className="editor-strip-text">
        Completion and definitions need nil or nixd: <code>nix profile install nixpkgs#nil</code>
      </span>
      <IconButton label="Do not say this again" onClick={close}>
        <CrossIcon />
      </IconButton>
    </p>
  );
}
