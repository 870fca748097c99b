// Builds the pages into api/pages/built, from where the server sends them.
import { defineConfig } from 'vite';

const SERVER = process.env.STANDINGS_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
  root: 'explorer',
  base: '/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: '../../pages/built',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    rollupOptions: { input: { index: 'explorer/index.html' } },
  },
  server: { proxy: { '/graphql': SERVER, '/warehouse': SERVER, '/submit': SERVER, '/pages': SERVER, '/api': SERVER } },
});
