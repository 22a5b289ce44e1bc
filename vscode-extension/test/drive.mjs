// Tries the packaged extension in the real thing: code-server, driven in Chromium by playwright-core.
//
// CODE_SERVER: the entry point of code-server (out/node/entry.js), or its program; PLAYWRIGHT: the
// folder of playwright-core; CHROMIUM: the browser; DFLINT_PYTHON: a Python that has dflint[lsp].
// SHOTS: where screenshots go. Names of steps as arguments run those alone.
// Nothing listens but on this machine, and nothing is fetched.

import { strict as assert } from "node:assert";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(import.meta.url)(process.env.PLAYWRIGHT ?? "playwright-core");
const CODE_SERVER = process.env.CODE_SERVER ?? "code-server";
const PYTHON = process.env.DFLINT_PYTHON ?? "python3";
const PORT = Number(process.env.PORT ?? 18473);
const VSIX = resolve(HERE, "..", "dist", "dflint.vsix");
const base = mkdtempSync(join(tmpdir(), "dflint-drive-"));
const shots = process.env.SHOTS ?? join(base, "shots");
const folder = join(base, "work");
mkdirSync(shots, { recursive: true });
mkdirSync(folder);
const places = ["--config", join(base, "config.yaml"), "--extensions-dir", join(base, "extensions"), "--user-data-dir", join(base, "user")];
const settingsFile = join(base, "user", "User", "settings.json");
const file = join(folder, "Dockerfile");

const TEXT = `FROM debian:12 AS base
MAINTAINER Zoe
RUN  echo   one   &&  \\
    echo two

FROM base AS other
COPY --from=base /etc/hostname /here
`;

function settings(more) {
  mkdirSync(dirname(settingsFile), { recursive: true });
  const common = {
    "dflint.interpreter": PYTHON,
    "dflint.shellcheck.enable": false,
    "security.workspace.trust.enabled": false,
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": false,
    "chat.disableAIFeatures": true,
    "editor.occurrencesHighlight": "off",
    "editor.inlayHints.enabled": "off",
    "editor.stickyScroll.enabled": false,
    "editor.minimap.enabled": false,
    "files.autoSave": "off",
    "window.commandCenter": false,
  };
  writeFileSync(settingsFile, JSON.stringify({ ...common, ...more }, null, 2));
}

function codeServer(words, options = {}) {
  const isScript = CODE_SERVER.endsWith(".js");
  const [program, before] = isScript ? [process.execPath, [CODE_SERVER]] : [CODE_SERVER, []];
  return { program, all: [...before, ...places, ...words], options };
}

async function until(what, look, limit = 30_000) {
  const end = Date.now() + limit;
  let last;
  for (;;) {
    try {
      const value = await look();
      if (value) {
        return value;
      }
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${limit} ms (last: ${last})`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

// --- the workbench ---------------------------------------------------------------------------

let page;

const shot = (name) => page.screenshot({ path: join(shots, `${name}.png`) });
const lines = () => page.locator(".editor-instance .view-lines").first();
const shown = async () => (await lines().innerText()).replaceAll("\u00a0", " ");

async function command(name) {
  await page.keyboard.press("F1");
  const input = page.locator(".quick-input-widget input").first();
  await input.waitFor({ state: "visible" });
  await input.fill(`>${name}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
}

async function open() {
  await page.goto(`http://127.0.0.1:${PORT}/?folder=${encodeURIComponent(folder)}`);
  await page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "Dockerfile" })
    .first().dblclick({ timeout: 60_000 });
  await page.locator(".editor-instance .view-line").first().waitFor({ timeout: 30_000 });
}

async function goTo(line, column) {
  await page.locator(".editor-instance .view-lines").first().click({ position: { x: 300, y: 250 } });
  await page.keyboard.press("Control+g");
  const input = page.locator(".quick-input-widget input").first();
  await input.waitFor({ state: "visible" });
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press("Enter");
  await until("the cursor", async () =>
    (await page.locator(".statusbar").innerText()).includes(`Ln ${line}, Col ${column}`));
}

/** Put the file back as it was, on disk and in the editor. */
async function reset(text = TEXT) {
  writeFileSync(file, text);
  await command("File: Revert File");
  const first = text.split("\n")[1];
  await until("the file as on disk", async () => (await shown()).includes(first));
}

/** The characters under the squiggles of a severity: [line, text] of each. */
async function squiggled(severity = "warning") {
  return page.evaluate((kind) => {
    const found = [];
    for (const mark of document.querySelectorAll(`.view-overlays .squiggly-${kind}`)) {
      const box = mark.getBoundingClientRect();
      for (const line of document.querySelectorAll(".editor-instance .view-line")) {
        const at = line.getBoundingClientRect();
        if (Math.abs(at.top - box.top) > at.height / 2) {
          continue;
        }
        let text = "";
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          for (let i = 0; i < walker.currentNode.length; i += 1) {
            const range = document.createRange();
            range.setStart(walker.currentNode, i);
            range.setEnd(walker.currentNode, i + 1);
            const one = range.getBoundingClientRect();
            const middle = (one.left + one.right) / 2;
            if (middle > box.left && middle < box.right) {
              text += walker.currentNode.data[i];
            }
          }
        }
        found.push(text.replaceAll("\u00a0", " "));
      }
    }
    return found;
  }, severity);
}

const log = () => {
  const out = [];
  const walk = (place) => {
    for (const one of readdirSync(place, { withFileTypes: true })) {
      const inside = join(place, one.name);
      if (one.isDirectory()) walk(inside);
      else if (/dflint\.log$/.test(one.name)) out.push(readFileSync(inside, "utf8"));
    }
  };
  walk(join(base, "user", "logs"));
  return out.join("\n");
};

/** The ids of the servers that were started from here. */
function servers() {
  const out = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" });
  const server = `${PYTHON} -m dflint lsp`;
  return out.split("\n").filter((line) => line.includes(server))
    .map((line) => Number(line.trim().split(/\s+/)[0]))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").includes(`DFLINT_DRIVE=${base}`);
      } catch {
        return false; // it has just ended
      }
    });
}

// --- the steps -------------------------------------------------------------------------------

const steps = {
  async squiggle() {
    await until("the squiggle", async () => (await squiggled()).includes("MAINTAINER"), 60_000);
    await shot("squiggle");
  },

  async hover() {
    const box = await page.locator(".view-line", { hasText: /^FROM\s+debian/ }).first().boundingBox();
    await page.mouse.move(box.x + 12, box.y + box.height / 2, { steps: 5 });
    const hover = page.locator(".monaco-hover:visible").first();
    await until("the hover", async () => /stage/i.test(await hover.innerText()));
    await shot("hover");
    await page.keyboard.press("Escape");
  },

  async quickFix() {
    await goTo(2, 3);
    await page.keyboard.press("Control+.");
    const action = page.locator(".action-widget").first();
    await action.locator("text=Write the author as a label").first().waitFor();
    await shot("quick-fix");
    await page.keyboard.press("Enter");
    await until("the label", async () =>
      (await shown()).includes('LABEL org.opencontainers.image.authors="Zoe"'));
    await reset();
  },

  async completion() {
    await goTo(7, 13);
    await page.keyboard.press("Control+Space");
    const widget = page.locator(".suggest-widget .monaco-list-row");
    await until("the stage among the suggestions", async () =>
      (await widget.allInnerTexts()).some((text) => /^base/.test(text)));
    await shot("completion");
    await page.keyboard.press("Escape");
  },

  async rename() {
    await goTo(1, 20);
    await page.keyboard.press("F2");
    const box = page.locator(".rename-box input");
    await box.waitFor({ state: "visible" });
    assert.equal(await box.inputValue(), "base");
    await box.fill("ground");
    await shot("rename");
    await page.keyboard.press("Enter");
    await until("the new name everywhere", async () => {
      const text = await shown();
      return ["AS ground", "FROM ground AS", "--from=ground"].every((one) => text.includes(one));
    });
    await reset();
  },

  async outline() {
    await page.locator(".pane-header", { hasText: "Outline" }).click();
    const rows = page.locator(".outline-tree .monaco-list-row");
    await until("the stages", async () => {
      const texts = (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
      return texts.some((one) => one.includes("base")) && texts.some((one) => one.includes("other"));
    });
    await shot("outline");
    await page.locator(".pane-header", { hasText: "Outline" }).click();
    await page.keyboard.press("Control+Shift+o");
    const found = page.locator(".quick-input-list .monaco-list-row");
    await until("the instructions below their stages", async () => {
      const texts = (await found.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
      return ["MAINTAINER", "RUN", "COPY"].every((one) =>
        texts.some((text) => text.startsWith(one) && text.includes("FROM")));
    });
    await page.keyboard.press("Escape");
  },

  async folding() {
    await goTo(1, 1);
    await command("Fold All");
    await until("one line for each stage", async () => {
      const text = await shown();
      return text.includes("FROM base AS other") && !text.includes("MAINTAINER");
    });
    await shot("folding");
    await command("Unfold All");
    await until("all lines", async () => (await shown()).includes("MAINTAINER"));
  },

  async lens() {
    const lens = page.locator(".codelens-decoration a", { hasText: "Used by 1 stage" }).first();
    await lens.click();
    await page.locator(".peekview-widget").waitFor();
    await shot("references");
    await page.keyboard.press("Escape");
  },

  async save() {
    settings({
      "[dockerfile]": {
        "editor.defaultFormatter": "dflint.dflint",
        "editor.formatOnSave": true,
        "editor.codeActionsOnSave": { "source.fixAll.dflint": "explicit" },
      },
    });
    await page.waitForTimeout(1500);
    await goTo(8, 1);
    await page.keyboard.type("USER 1000");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+s");
    await until("the file as fixed and formatted", () => {
      const text = readFileSync(file, "utf8");
      return text.includes("LABEL org.opencontainers") && text.includes("RUN echo one &&");
    });
    await shot("save");
    settings({});
    await page.waitForTimeout(1000);
    await reset();
  },

  async setting() {
    await until("the squiggle", async () => (await squiggled()).includes("MAINTAINER"));
    settings({ "dflint.ignore": ["maintainer-deprecated"] });
    await until("no squiggle", async () => !(await squiggled()).includes("MAINTAINER"));
    await shot("setting");
    settings({});
    await until("the squiggle again", async () => (await squiggled()).includes("MAINTAINER"));
  },

  async crash() {
    const [before, ...others] = servers();
    assert.ok(before && !others.length, `one server runs: ${[before, ...others]}`);
    process.kill(before, "SIGKILL");
    const after = await until("another server", () => servers().find((pid) => pid !== before));
    assert.notEqual(after, before);
    await goTo(2, 1);
    await page.keyboard.type("x");
    await until("no finding on XMAINTAINER", async () => !(await squiggled()).includes("MAINTAINER"));
    await page.keyboard.press("Backspace");
    await until("findings from the new server", async () =>
      (await squiggled()).includes("MAINTAINER"));
    await shot("crash");
    assert.match(log(), /the server has ended; it is started again in 500 ms/);
    const popups = await page.locator(".notification-toast").allInnerTexts();
    assert.ok(!popups.some((text) => /dflint|server/i.test(text)), popups.join("\n"));
  },

  async restart() {
    const [before] = servers();
    await command("dflint: Restart the Server");
    await until("another server", () => servers().length === 1 && servers()[0] !== before);
    await until("the squiggle", async () => (await squiggled()).includes("MAINTAINER"));
  },

  async withoutDflint() {
    // A Python that knows no packages at all.
    const bare = join(base, "bare-python");
    writeFileSync(bare, `#!/bin/sh\nexec "${PYTHON}" -I -S "$@"\n`, { mode: 0o755 });
    settings({ "dflint.interpreter": bare });
    const toast = page.locator(".notification-toast", { hasText: "has no dflint" });
    await toast.first().waitFor({ timeout: 30_000 });
    await shot("without-dflint");
    assert.equal(await toast.count(), 1);
    assert.match(await toast.innerText(), /bare-python -m pip install "dflint\[lsp\]"/);
    await until("no server", () => servers().length === 0);
    await command("Notifications: Clear All Notifications");
    await page.reload();
    await page.locator(".editor-instance .view-line").first().waitFor({ timeout: 60_000 });
    await until("the second look", () => log().match(/has no dflint: no dflint/g).length >= 3);
    await page.waitForTimeout(1000);
    assert.equal(await toast.count(), 0); // it has been said
    settings({});
    await until("the squiggle", async () => (await squiggled()).includes("MAINTAINER"), 60_000);
  },

  async status() {
    await page.locator('.statusbar-item[id="status.languageStatus"]').hover();
    const hover = page.locator(".hover-language-status").first();
    await until("state and version", async () =>
      /dflint \d+\.\d+\.\d+/.test((await page.locator(".hover-language-status").allInnerTexts()).join("\n")));
    await shot("status");
    assert.ok(await hover.isVisible());
    await page.mouse.move(600, 500);
  },

  async task() {
    await command("Tasks: Run Task");
    const rows = page.locator(".quick-input-list .monaco-list-row");
    await rows.filter({ hasText: /^\s*dflint/ }).first().click();
    await rows.filter({ hasText: "check Dockerfile" }).first().click();
    const scan = rows.filter({ hasText: "Continue without scanning" }).first();
    await scan.click({ timeout: 3000 }).catch(() => undefined);
    await page.waitForTimeout(4000);
    await shot("task");
    await command("Problems: Focus on Problems View");
    await until("the problem of the task", async () =>
      (await page.locator(".markers-panel").innerText()).includes("dflint check"));
    await shot("problems");
    await command("View: Hide Panel");
  },

  async graph() {
    await goTo(1, 1);
    await command("dflint: Show the Stage Graph");
    await page.locator(".tab", { hasText: /Preview/ }).first().waitFor();
    await page.waitForTimeout(3000);
    await shot("graph");
  },
};

// --- the run ---------------------------------------------------------------------------------

writeFileSync(file, TEXT);
writeFileSync(join(folder, "dflint.toml"), "shellcheck = false\n");
settings({});
const installing = codeServer(["--install-extension", VSIX]);
execFileSync(installing.program, installing.all, { stdio: "inherit" });
const serving = codeServer([
  "--auth", "none", "--bind-addr", `127.0.0.1:${PORT}`,
  "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust",
]);
const server = spawn(serving.program, serving.all, {
  stdio: "ignore",
  env: { ...process.env, DFLINT_DRIVE: base, DFLINT_CACHE: join(base, "cache") },
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const wanted = process.argv.slice(2);
const failed = [];
try {
  await until("code-server", async () =>
    (await fetch(`http://127.0.0.1:${PORT}/healthz`)).ok, 60_000);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(20_000);
  await open();
  for (const [name, step] of Object.entries(steps)) {
    if (wanted.length && name !== "squiggle" && !wanted.includes(name)) {
      continue;
    }
    const began = Date.now();
    try {
      await step();
      console.log(`${name}: passed (${Date.now() - began} ms)`);
    } catch (error) {
      failed.push(name);
      console.log(`${name}: FAILED: ${error.message.split("\n").slice(0, 4).join(" | ")}`);
      await shot(`failed-${name}`).catch(() => undefined);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      settings({});
      await reset().catch(() => undefined);
    }
  }
  const activated = /dflint activated in (\d+)/.exec(log());
  console.log(activated ? activated[0] : "no time of activation in the log");
} finally {
  console.log(log().split("\n").slice(-15).join("\n"));
  await browser.close();
  server.kill();
  if (process.env.SHOTS) {
    rmSync(base, { recursive: true, force: true });
  }
}
process.exitCode = failed.length ? 1 : 0;
