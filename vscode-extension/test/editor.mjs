// A code-server of its own with the packaged extension, and a page of Chromium that looks at it.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(import.meta.url)(process.env.PLAYWRIGHT ?? "playwright-core");
const CODE_SERVER = process.env.CODE_SERVER ?? "code-server";
/** Scales what is waited for, on machines that have other work. */
export const PATIENCE = Number(process.env.PATIENCE ?? 1);
export const PYTHON = process.env.DFLINT_PYTHON ?? "python3";
export const VSIX = resolve(process.env.VSIX ?? join(HERE, "..", "dist", "dflint.vsix"));
const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.occurrencesHighlight": "off",
  "editor.inlayHints.enabled": "off",
  "editor.stickyScroll.enabled": false,
  "editor.minimap.enabled": false,
  "files.autoSave": "off",
  "window.commandCenter": false,
  "extensions.ignoreRecommendations": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
};

/** Look until there is something to see; a look that throws has seen nothing. */
export async function until(what, look, limit = 20_000) {
  const end = Date.now() + limit * PATIENCE;
  let last;
  for (;;) {
    try {
      last = await look();
      if (last) {
        return last;
      }
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not seen within ${limit * PATIENCE} ms (last: ${last})`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A port of this machine that nobody listens at. */
async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Package a stand-in for other extensions: a folder beside this file. */
export function pack(name) {
  const place = join(mkdtempSync(join(tmpdir(), "dflint-stand-in-")), `${name}.vsix`);
  const vsce = join(HERE, "..", "node_modules", ".bin", "vsce");
  const words = ["package", "--no-dependencies", "--skip-license", "--allow-missing-repository", "-o", place];
  execFileSync(vsce, words, { cwd: join(HERE, name), stdio: "pipe" });
  return place;
}

export class Editor {
  /**
   * `files` are written into the workspace by their paths; `settings` are the user's; `extensions`
   * are packages beside our own; `isTrusted` is false where the workspace is to be asked about;
   * `env` goes over the environment of code-server, `vsix` is another package of our own.
   */
  constructor({ files, settings = {}, extensions = [], isTrusted = true, env = {}, shots, vsix = VSIX }) {
    this.base = mkdtempSync(join(tmpdir(), "dflint-drive-"));
    this.folder = join(this.base, "work");
    this.shots = shots;
    this.files = files;
    this.extensions = [vsix, ...extensions];
    const own = { DFLINT_DRIVE: this.base, XDG_DATA_HOME: join(this.base, "data"), XDG_CACHE_HOME: join(this.base, "cache") };
    this.env = { ...process.env, ...own, ...env };
    this.isTrusted = isTrusted;
    for (const [name, text] of Object.entries(files)) {
      this.write(name, text);
    }
    const common = { ...QUIET, "security.workspace.trust.enabled": !isTrusted, ...settings };
    for (const level of ["User", "Machine"]) { // the latter has the places of programs
      const place = join(this.base, "user", level);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "settings.json"), JSON.stringify(common, null, 2));
    }
  }

  // --- files ---------------------------------------------------------------------------------

  write(name, text) {
    const place = join(this.folder, name);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }

  read(name) {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Write the workspace's settings: these, over those of the user. */
  settings(more) {
    this.write(".vscode/settings.json", JSON.stringify(more, null, 2));
  }

  /** The text of the log files whose names fit. */
  log(name = /dflint\.log$/) {
    const out = [];
    const walk = (place) => {
      for (const one of readdirSync(place, { withFileTypes: true })) {
        const inside = join(place, one.name);
        if (one.isDirectory()) walk(inside);
        else if (name.test(one.name)) out.push(readFileSync(inside, "utf8"));
      }
    };
    walk(join(this.base, "user", "logs"));
    return out.join("\n");
  }

  /** The ids of the servers that were started from here. */
  servers() {
    const read = (pid, name) => {
      try {
        return readFileSync(`/proc/${pid}/${name}`, "utf8");
      } catch {
        return ""; // it has just ended
      }
    };
    return readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid) && /\0lsp\0$/.test(read(pid, "cmdline")))
      .filter((pid) => read(pid, "environ").includes(`DFLINT_DRIVE=${this.base}`))
      .map(Number);
  }

  /** How long (ms) ago the server was started. */
  age() {
    const [started] = this.servers().map((pid) =>
      Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")[19]));
    return Math.round(1000 * Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) - 10 * started);
  }

  // --- the process ---------------------------------------------------------------------------

  command(words) {
    const places = [
      "--config", join(this.base, "config.yaml"),
      "--extensions-dir", join(this.base, "extensions"),
      "--user-data-dir", join(this.base, "user"),
    ];
    const isScript = CODE_SERVER.endsWith(".js");
    return isScript
      ? [process.execPath, [CODE_SERVER, ...places, ...words]]
      : [CODE_SERVER, [...places, ...words]];
  }

  /** Install a package. A window that is open has it when it is loaded again. */
  install(place) {
    execFileSync(...this.command(["--install-extension", place]), { stdio: "pipe" });
  }

  uninstall(id) {
    execFileSync(...this.command(["--uninstall-extension", id]), { stdio: "pipe" });
  }

  /** Load the window again; the file that was open is open then. */
  async reload() {
    await this.page.reload();
    await this.page.locator(".editor-instance .view-line").first().waitFor({ timeout: 60_000 });
  }

  async start() {
    this.extensions.forEach((one) => this.install(one));
    this.port = await freePort();
    const trust = this.isTrusted ? ["--disable-workspace-trust"] : [];
    this.process = spawn(
      ...this.command([
        "--auth", "none", "--bind-addr", `127.0.0.1:${this.port}`,
        "--disable-telemetry", "--disable-update-check", ...trust,
      ]),
      { stdio: "ignore", env: this.env },
    );
    await until("code-server", async () => (await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok, 60_000);
    this.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--font-render-hinting=none"],
    });
    this.page = await this.browser.newPage({ viewport: { width: 1180, height: 720 } });
    this.page.setDefaultTimeout(15_000 * PATIENCE);
    await this.load();
  }

  /** Show the workspace in the page. */
  async load() {
    const url = `http://127.0.0.1:${this.port}/?folder=${encodeURIComponent(this.folder)}`;
    await this.page.goto(url, { timeout: 60_000 });
    await this.page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 60_000 });
  }

  /** End everything that was started, and remove what was written. */
  async stop() {
    await this.browser?.close();
    const over = new Promise((done) => this.process?.once("exit", done) ?? done());
    this.process?.kill();
    await over;
    rmSync(this.base, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  // --- what is on the page -------------------------------------------------------------------

  shot(name, options = {}) {
    return this.page.screenshot({ path: join(this.shots, `${name}.png`), ...options });
  }

  async text() {
    const shown = await this.page.locator(".editor-instance .view-lines").first().innerText();
    return shown.replaceAll("\u00a0", " ");
  }

  async popups() {
    const texts = await this.page.locator(".notification-toast").allInnerTexts();
    return texts.map((text) => text.replace(/\s+/g, " ").trim());
  }

  /** The rows among the problems, each on one line, without brackets around codes. */
  async problems() {
    const view = this.page.locator(".markers-panel");
    if (!(await view.isVisible())) {
      await this.run("Problems: Focus on Problems View");
      await view.waitFor();
    }
    const rows = await view.locator(".monaco-list-row").allInnerTexts();
    return rows.map((row) => row.replace(/[\s()]+/g, " ").trim());
  }

  statusbar() {
    return this.page.locator(".statusbar").innerText();
  }

  /** The characters under the squiggles of each severity, in the order of the file. */
  squiggles(severity = "warning") {
    return this.page.evaluate((kind) => {
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
          found.push([box.top, text.replaceAll("\u00a0", " ")]);
        }
      }
      return found.sort((one, two) => one[0] - two[0]).map((one) => one[1]);
    }, severity);
  }

  async squiggled(text) {
    return (await this.squiggles()).includes(text);
  }

  // --- what a user does ----------------------------------------------------------------------

  async open(name) {
    const row = this.page.locator('.explorer-folders-view .monaco-list-row[aria-level="1"]', {
      hasText: new RegExp(`^\\s*${name}`),
    });
    await row.first().dblclick();
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
    await this.page.locator(".editor-instance .view-line").first().waitFor();
  }

  /** Open a file by its path in the workspace. */
  async openQuickly(path) {
    const input = await this.quickInput("Control+p");
    await input.fill(path);
    const [name, folder = ""] = [path.split("/").pop(), path.split("/").slice(0, -1).join("/")];
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: name });
    await row.filter({ hasText: folder }).first().click();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator(".editor-instance .view-line").first().waitFor();
  }

  /** Close what is open but a file at the top of the workspace, which is opened anew. */
  async only(name) {
    await this.run("View: Hide Panel").catch(() => undefined);
    await this.run("View: Close All Editors");
    await this.page.locator(".tab").first().waitFor({ state: "detached" });
    await this.open(name);
  }

  /** The input box that a key brings up. */
  async quickInput(key) {
    const input = this.page.locator(".quick-input-widget input").first();
    await until("the input box", async () => {
      await this.page.keyboard.press(key);
      await input.waitFor({ state: "visible", timeout: 2000 });
      return true;
    });
    return input;
  }

  async run(name) {
    const input = await this.quickInput("F1");
    await input.fill(`>${name}`);
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: name });
    await row.first().waitFor();
    await row.first().click();
  }

  async goTo(line, column) {
    await this.run("View: Focus Active Editor Group");
    const input = await this.quickInput("Control+g");
    await input.fill(`:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await until("the cursor", async () =>
      (await this.statusbar()).includes(`Ln ${line}, Col ${column}`));
  }

  /** Have the fixes shown at the cursor, until one of them is there. */
  async fixes(title) {
    const shown = this.page.locator(".action-widget").first().locator(`text=${title}`).first();
    await until(`the fix "${title}"`, async () => {
      await this.page.keyboard.press("Control+.");
      await shown.waitFor({ timeout: 3000 }); // a key that comes before the focus is lost
      return true;
    });
  }

  /** Rest the pointer on a text of the editor. */
  async pointAt(text) {
    const box = await this.page.evaluate((wanted) => {
      for (const span of document.querySelectorAll(".editor-instance .view-line span span")) {
        if (span.textContent.replaceAll("\u00a0", " ").includes(wanted)) {
          const one = span.getBoundingClientRect();
          return { x: one.left + Math.min(one.width / 2, 14), y: one.top + one.height / 2 };
        }
      }
      return null;
    }, text);
    if (box === null) {
      throw new Error(`${text} is not in the editor`);
    }
    await this.page.mouse.move(box.x + 60, box.y + 200);
    await this.page.mouse.move(box.x + 3, box.y, { steps: 8 });
    await this.page.mouse.move(box.x, box.y, { steps: 3 });
  }

  async dismiss() {
    await this.page.mouse.move(700, 690);
    for (let i = 0; i < 3; i += 1) {
      await this.page.keyboard.press("Escape");
    }
  }

  /** Put a file back as it was, on disk and in the editor. */
  async reset(name, text) {
    await this.dismiss();
    this.write(name, text);
    await this.run("File: Revert File");
    const lines = text.split("\n").filter((line) => line.trim());
    await until("the file as on disk", async () => {
      const shown = await this.text();
      return [lines[0], lines[1], lines.at(-1)].every((line) => shown.includes(line));
    });
  }
}
