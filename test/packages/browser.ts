import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Headless Chromium. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((path) => path && existsSync(path));
  if (!executablePath) {
    throw new Error(
      "Tests of bundlers need Chromium: run `apt-get install chromium`, or set CHROMIUM to its path.",
    );
  }
  return await chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** The text that a page puts into its element `result`, and everything that it complains about. */
export async function visit(
  browser: Browser,
  url: string,
): Promise<{ result: string; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  try {
    await page.goto(url);
    const found = page.locator("#result:not(:empty)");
    const result = await found.textContent({ timeout: 120_000 }).catch((error) => String(error));
    return { result: result ?? "", complaints };
  } finally {
    await page.close();
  }
}
