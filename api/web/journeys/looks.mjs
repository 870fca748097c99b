// How it looks: to those who do not see it, in the dark, and on a phone.
import assert from 'node:assert/strict';
import { audit, fill, fits, row, score, see } from './visit.mjs';

// To where most of it is to be seen at once: problems, ranks, what is folded, both lists.
async function walk(visit, page, name) {
  await see(page.locator('#mine .submission').first(), 'org/model');
  await fill(page, 'org/owl-7b', {
    scores: { vsi_bench: 64.5, blink_with_a_very_long_name_that_has_no_place_to_break_at_all: 3 },
  });
  await row(page, 'VSI-Bench').locator('summary').click();
  await score(page, 'BLINK').fill('900');
  await page.selectOption('#weightType', 'DELTA');
  await page.click('#submit');
  await see(page.locator('#outcome'), '2 problems');
  await page.locator('#review summary').first().click();
  await visit.shoot(name);
}

export async function isAccessibleInTheLight(visit) {
  const page = await visit.open({ who: 'maintainer', holds: 4 });
  await walk(visit, page, 'light');
  await audit(page);
  await fits(page);
}

export async function isAccessibleInTheDark(visit) {
  const page = await visit.open({ who: 'maintainer', holds: 4, dark: true });
  await walk(visit, page, 'dark');
  await audit(page, (axe) => axe.withRules(['color-contrast']));
  await page.locator('#mine button').filter({ hasText: 'Withdraw' }).first().click();
  await audit(page, (axe) => axe.include('#confirm'));
}

export async function fitsAPhone(visit) {
  const page = await visit.open({ who: 'maintainer', holds: 4, phone: true });
  await walk(visit, page, 'phone');
  await fits(page);
}

export async function isAccessibleToNobodyInParticular(visit) {
  const page = await visit.open({ who: 'nobody', phone: true });
  await visit.shoot('empty');
  await audit(page);
  await fits(page);
}
