// Goes through the submit page as people do, in Chromium, on the server of tests/submit_stand_in.py.
import * as drafting from './drafting.mjs';
import * as listing from './listing.mjs';
import * as looks from './looks.mjs';
import * as refusing from './refusing.mjs';
import { main } from './running.mjs';
import * as sending from './sending.mjs';

await main('journeys/submit.mjs', { ...drafting, ...sending, ...refusing, ...listing, ...looks });
