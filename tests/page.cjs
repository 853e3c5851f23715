// What a real browser makes of a page: `node tests/page.cjs CHROMIUM PAGE.html FOLDER` prints it as JSON.
// puppeteer-core and axe-core are found through NODE_PATH. The printed page is written to FOLDER; with SCREENSHOTS=1 set,
// so are pictures of every view, to be looked at.
const fs = require("node:fs");
const path = require("node:path");
const puppeteer = require("puppeteer-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf-8");

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

async function main([chromium, file, folder]) {
  const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: FLAGS, userDataDir: path.join(folder, "profile") });
  const found = { requests: [], console: [], views: [] };
  try {
    const page = await browser.newPage();
    page.on("request", (request) => found.requests.push(request.url()));
    page.on("console", (message) => found.console.push(message.text()));
    page.on("pageerror", (error) => found.console.push(String(error)));
    for (const scheme of ["light", "dark"]) {
      for (const width of [360, 1400]) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        await page.setViewport({ width, height: 900 });
        await page.goto(`file://${file}`, { waitUntil: "networkidle0" });
        for (const open of [false, true]) {
          await page.evaluate((wanted) => document.querySelectorAll("details").forEach((each) => (each.open = wanted)), open);
          const name = `${scheme}-${width}-${open ? "open" : "closed"}.png`;
          if (process.env.SCREENSHOTS) await page.screenshot({ path: path.join(folder, name), fullPage: true });
          await page.evaluate(axe);
          const violations = await page.evaluate(async () => {
            const result = await window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
            return result.violations.map((each) => ({ id: each.id, nodes: each.nodes.map((node) => node.html.slice(0, 200)) }));
          });
          const measures = await page.evaluate(() => ({
            overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            background: getComputedStyle(document.querySelector(".fcl")).backgroundColor,
          }));
          found.views.push({ name, violations, ...measures });
        }
      }
    }
    await page.emulateMediaFeatures([]);
    await page.goto(`file://${file}`, { waitUntil: "networkidle0" });
    await page.pdf({ path: path.join(folder, "page.pdf"), format: "A4", preferCSSPageSize: true });
  } finally {
    await browser.close();
  }
  process.stdout.write(JSON.stringify(found));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
