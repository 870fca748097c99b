// Builds the pages into api/pages/built, from where the server sends them.
import { defineConfig } from 'vite';
import { compressing } from './compressing.ts';

const SERVER = process.env.STANDINGS_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
  root: 'explorer',
  base: '/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  plugins: [compressing('../pages/built')],
  worker: { format: 'es' },
  build: {
    outDir: '../../pages/built',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3000, // the editor of GraphiQL, which the explorer does not load
    modulePreload: { polyfill: false },
    rollupOptions: {
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning), // "use client" says nothing here
      input: { index: 'explorer/index.html', graphiql: 'explorer/graphiql.html' },
    },
  },
  server: { proxy: { '/graphql': SERVER, '/warehouse': SERVER, '/submit': SERVER, '/pages': SERVER, '/api': SERVER } },
});
