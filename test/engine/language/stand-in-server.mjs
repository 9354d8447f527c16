// A language server in the place of nil: real framing, and it does what the text asks for, so that a test can have it die.
import { writeSync } from 'node:fs';

const texts = new Map();
let input = Buffer.alloc(0);

function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  writeSync(1, `Content-Length: ${body.length}\r\n\r\n${body.toString()}`);
}

process.stdin.on('data', (chunk) => {
  input = Buffer.concat([input, chunk]);
  for (;;) {
    const end = input.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/.exec(input.subarray(0, end).toString())[1]);
    if (input.length < end + 4 + length) return;
    const message = JSON.parse(input.subarray(end + 4, end + 4 + length).toString());
    input = input.subarray(end + 4 + length);
    obey(message);
  }
});
process.stdin.on('end', () => process.exit(0));

function obey({ id, method, params }) {
  const uri = params?.textDocument?.uri;
  switch (method) {
    case 'initialize':
      if (process.env.STAND_IN === 'waits') return;
      if (process.env.STAND_IN === 'dies') {
        console.error('no such flake');
        process.exit(4);
      }
      return send({ id, result: { capabilities: { rootUri: params.rootUri } } });
    case 'textDocument/didOpen':
      return know(uri, params.textDocument.version, params.textDocument.text);
    case 'textDocument/didChange':
      if (!texts.has(uri)) throw new Error('changed before it was opened');
      return know(uri, params.textDocument.version, params.contentChanges[0].text);
    case 'textDocument/didClose':
      return texts.delete(uri);
    case 'textDocument/completion': {
      const range = { start: params.position, end: params.position };
      const textEdit = { newText: 'hello', range };
      return send({ id, result: [{ label: 'hello', kind: 3, textEdit }] });
    }
    case 'textDocument/hover': {
      const text = texts.get(uri);
      if (text === 'die') process.exit(3);
      if (text === 'refuse') return send({ id, error: { code: -32803, message: 'not today' } });
      if (text === 'nonsense') return send({ id, result: { contents: 5 } });
      if (text === 'babble') return writeSync(1, 'nil: thinking\r\n\r\n');
      if (text === 'silence') return undefined;
      return send({ id, result: { contents: `${process.pid} ${text} ${texts.size}` } });
    }
    case 'textDocument/definition':
      return send({ id, result: { uri, range: zero } });
    case 'shutdown':
      return send({ id, result: null });
    case 'exit':
      return process.exit(0);
    default:
      return undefined;
  }
}

const zero = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

function know(uri, version, text) {
  texts.set(uri, text);
  const diagnostics = text.includes('TODO') ? [{ range: zero, severity: 2, message: 'TODO' }] : [];
  send({ method: 'textDocument/publishDiagnostics', params: { uri, version, diagnostics } });
}
