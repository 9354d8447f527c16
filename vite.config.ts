// The window's build: src-renderer into dist/window. Monaco and xterm are loaded when their panes are.
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('src-renderer', import.meta.url)),
  // Served from any folder: by `strata serve`, and from app:// in Electron.
  base: './',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('dist/window', import.meta.url)),
    emptyOutDir: true,
    // Electron's Chromium and the browsers of the last two years: light-dark() and top-level await as they are.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Data in URLs would need a hole in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4096,
    sourcemap: false,
  },
  server: { host: '127.0.0.1' },
});
