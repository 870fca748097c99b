// Writes each file that is worth it as brotli and gzip beside it, once, so that the server need not.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const WORTH = /\.(css|html|js|svg|ttf)$/;
const SMALL = 1024;

export function compressing(folder: string): Plugin {
  return {
    name: 'compressing',
    apply: 'build',
    closeBundle() {
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => WORTH.test(name))) {
        const body = readFileSync(join(folder, file));
        if (body.length < SMALL) continue;
        writeFileSync(join(folder, `${file}.br`), brotliCompressSync(body));
        writeFileSync(join(folder, `${file}.gz`), gzipSync(body, { level: 9 }));
      }
    },
  };
}
