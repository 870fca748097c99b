// Goes through the explorer and GraphiQL as people do, in Chromium, on a server of the sample: every journey of the modules
// explorer_*.mjs.
import { readdirSync } from 'node:fs';
import { main } from './running.mjs';

const names = readdirSync(new URL('.', import.meta.url)).filter((name) => /^explorer_\w+\.mjs$/.test(name));
const modules = await Promise.all(names.sort().map((name) => import(`./${name}`)));

await main('journeys/explorer.mjs', Object.assign({}, ...modules));
