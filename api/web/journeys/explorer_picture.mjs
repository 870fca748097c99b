// The picture of the README.
import { see } from './visit.mjs';

export async function seesABoardAtOnce(visit) {
  const page = await visit.show('/?board=EASI-8');
  await page.setViewportSize({ width: 1280, height: 800 });
  await see(page.locator('main'), 'SenseNova-SI-1.3-InternVL3-8B');
  await page.waitForLoadState('networkidle');
  await visit.shoot('explorer', { fullPage: false });
}
