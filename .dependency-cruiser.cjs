// The layer check: dependencies point downwards only. Each folder names the folders it may import from; everything else
// is an error. `protocol` imports nothing of ours because the renderer imports it too.
const mayImport = {
  protocol: [],
  host: ['protocol'],
  trace: ['host', 'protocol'],
  nix: ['host', 'protocol'],
  language: ['host', 'protocol'],
  snapshots: ['host', 'protocol'],
  oci: ['snapshots', 'host', 'protocol'],
  sandbox: ['snapshots', 'host', 'protocol'],
  phases: ['snapshots', 'sandbox', 'nix', 'trace', 'host', 'protocol'],
  shells: ['phases', 'snapshots', 'sandbox', 'nix', 'host', 'protocol'],
  engine: [
    'shells',
    'language',
    'phases',
    'oci',
    'snapshots',
    'sandbox',
    'nix',
    'trace',
    'host',
    'protocol',
  ],
  cli: ['engine', 'server', 'host', 'protocol'],
  server: ['engine', 'host', 'protocol'],
  electron: ['engine', 'protocol'],
};

const layers = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-imports-downwards`,
  severity: 'error',
  from: { path: `^src-main/${folder}/` },
  to: { path: '^src-', pathNot: `^src-main/(${[folder, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...layers,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-electron-imports-electron',
      severity: 'error',
      from: { pathNot: '^src-main/electron/' },
      to: { path: '^node_modules/electron/' },
    },
    {
      name: 'window-takes-zod-from-protocol-schema',
      severity: 'error',
      from: {
        path: '^(src-renderer|src-main/protocol)/',
        pathNot: '^src-main/protocol/schema\\.ts$',
      },
      to: { path: '^node_modules/zod/' },
    },
    {
      name: 'renderer-imports-protocol-alone',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^src-main/', pathNot: '^src-main/protocol/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
