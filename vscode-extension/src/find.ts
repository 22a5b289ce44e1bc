/**
 * Finds a dflint that can serve: where the user says, the Python extension's, `.venv`, PATH, and what
 * the extension itself brings.
 */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";

/** A way to run dflint: what comes before `lsp`, `check` or `build`. */
export interface Found {
  readonly program: string;
  readonly before: readonly string[];
  readonly version: string;
  /** Where it was found, for the log and the status. */
  readonly origin: string;
}

/** Why nothing serves. `install` is a command that mends it, where one does. */
export class NotFound extends Error {
  constructor(
    message: string,
    readonly reason: "nothing" | "extra" | "setting",
    readonly install?: string,
  ) {
    super(message);
  }
}

interface Candidate {
  readonly program: string;
  /** What comes before the verb; empty where the program is dflint. */
  readonly before: readonly string[];
  readonly origin: string;
  /** Somebody has named it: nothing else is taken in its place. */
  readonly isNamed: boolean;
}

interface Answer {
  readonly status: number | string;
  readonly output: string;
  readonly errors: string;
}

const PYTHON = process.platform === "win32" ? "python" : "python3";
const LIMIT = 20_000;
const AS_MODULE = ["-m", "dflint"] as const;
/** Modules lying about in the working directory are never imported in place of installed ones. */
export const ENVIRONMENT = { ...process.env, PYTHONSAFEPATH: "1", PYTHONUNBUFFERED: "1" };
const PROBE = [
  "import sys",
  "if sys.version_info < (3, 11): sys.exit('dflint needs Python 3.11 or later')",
  "import importlib.util as u",
  "if u.find_spec('dflint') is None: sys.exit('no dflint')",
  "import dflint",
  "print(dflint.__version__)",
  "if u.find_spec('pygls') is None or u.find_spec('dflint_lsp') is None: sys.exit('no pygls')",
].join("\n");

/**
 * The first dflint that can serve; throws NotFound with what is to be done. `trying` is told how each
 * is run before it is asked whether it can.
 */
export async function find(
  log: (line: string) => void,
  trying?: (program: string, before: readonly string[]) => void,
): Promise<Found> {
  let missing: NotFound | undefined;
  for await (const candidate of candidates()) {
    trying?.(candidate.program, candidate.before);
    const outcome = await probe(candidate);
    if (!(outcome instanceof NotFound)) {
      return outcome;
    }
    log(`${candidate.program} (${candidate.origin}): ${outcome.message}`);
    if (candidate.isNamed) {
      throw outcome;
    }
    if (missing === undefined || (outcome.reason === "extra" && missing.reason !== "extra")) {
      missing = outcome;
    }
  }
  if (missing?.reason === "extra") {
    throw missing;
  }
  throw new NotFound("dflint was not found", "nothing", missing?.install ?? install(PYTHON));
}

async function* candidates(): AsyncGenerator<Candidate> {
  const settings = vscode.workspace.getConfiguration("dflint");
  const program = expand(settings.get<string>("path", ""));
  if (program) {
    yield { program, before: [], origin: "dflint.path", isNamed: true };
  }
  const named = expand(settings.get<string>("interpreter", ""));
  if (named) {
    yield { program: named, before: AS_MODULE, origin: "dflint.interpreter", isNamed: true };
  }
  const pythons = [PYTHON];
  if (vscode.workspace.isTrusted) {
    const active = await activeInterpreter();
    if (active) {
      pythons.unshift(active);
      yield { program: active, before: AS_MODULE, origin: "Python extension", isNamed: false };
    }
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const inside = environmentPython(folder.uri.fsPath);
      if (inside) {
        yield { program: inside, before: AS_MODULE, origin: ".venv", isNamed: false };
      }
    }
  }
  yield { program: "dflint", before: [], origin: "PATH", isNamed: false };
  yield { program: PYTHON, before: AS_MODULE, origin: "PATH", isNamed: false };
  const runner = bundledRunner();
  if (runner !== undefined) {
    for (const program of pythons) {
      yield { program, before: [runner], origin: "bundled", isNamed: false };
    }
  }
}

/** What runs the dflint in the extension's own folder, where it brings one along. */
function bundledRunner(): string | undefined {
  const folder = vscode.extensions.getExtension("dflint.dflint")?.extensionPath ?? "";
  const place = path.join(folder, "bundled", "run.py");
  return existsSync(place) ? place : undefined;
}

function environmentPython(folder: string): string | undefined {
  const inside = process.platform === "win32" ? "Scripts/python.exe" : "bin/python";
  const place = path.join(folder, ".venv", inside);
  return existsSync(place) ? place : undefined;
}

/** What is used of the Python extension's public API (since 2022). */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(at?: vscode.Uri): { readonly path?: string };
    readonly onDidChangeActiveEnvironmentPath?: vscode.Event<unknown>;
  };
}

async function pythonExtension(): Promise<PythonApi | undefined> {
  try {
    return await vscode.extensions.getExtension<PythonApi>("ms-python.python")?.activate();
  } catch {
    return undefined; // a broken Python extension is not ours to report
  }
}

async function activeInterpreter(): Promise<string | undefined> {
  const api = await pythonExtension();
  const at = vscode.workspace.workspaceFolders?.[0]?.uri;
  const place = api?.environments?.getActiveEnvironmentPath(at).path;
  // "python" is its word for whatever is on PATH, which has its own turn.
  return place && path.isAbsolute(place) ? place : undefined;
}

/** Tell when the Python extension's choice changes. */
export async function watchInterpreter(
  tell: () => void,
  subscriptions: vscode.Disposable[],
): Promise<void> {
  const api = await pythonExtension();
  const watched = api?.environments?.onDidChangeActiveEnvironmentPath?.(tell);
  if (watched !== undefined) {
    subscriptions.push(watched);
  }
}

async function probe(candidate: Candidate): Promise<Found | NotFound> {
  return candidate.before === AS_MODULE ? probePython(candidate) : probeProgram(candidate);
}

async function probePython(candidate: Candidate): Promise<Found | NotFound> {
  const { program, origin } = candidate;
  const answer = await run(program, ["-c", PROBE]);
  if (answer.status === 0) {
    return { program, before: candidate.before, version: answer.output.trim(), origin };
  }
  if (answer.errors.includes("no pygls")) {
    return withoutExtra(program);
  }
  if (answer.status === "ENOENT") {
    return new NotFound(`There is no program ${program} (${origin})`, "nothing");
  }
  const because = answer.errors.trim().split("\n").pop() || `ended with ${answer.status}`;
  const reason = candidate.isNamed ? "setting" : "nothing";
  return new NotFound(`${program} has no dflint: ${because}`, reason, install(program));
}

async function probeProgram(candidate: Candidate): Promise<Found | NotFound> {
  const { program, before, origin } = candidate;
  const answer = await run(program, [...before, "lsp", "--version"]);
  if (answer.status === "ENOENT") {
    return new NotFound(`There is no program ${program} (${origin})`, "nothing");
  }
  if (answer.errors.includes("needs pygls")) {
    return withoutExtra(undefined);
  }
  const version = /^dflint (\S+)/.exec(answer.output)?.[1];
  if (answer.status !== 0 || version === undefined) {
    const reason = candidate.isNamed ? "setting" : "nothing";
    return new NotFound(`${program} is no dflint (${answer.status})`, reason);
  }
  return { program, before, version, origin };
}

function withoutExtra(python: string | undefined): NotFound {
  const message = "dflint is installed without its language server (the extra `lsp`)";
  return new NotFound(message, "extra", install(python ?? PYTHON));
}

function install(python: string): string {
  const program = /\s/.test(python) ? `"${python}"` : python;
  return `${program} -m pip install "dflint[lsp]"`;
}

function run(program: string, words: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const options = { env: ENVIRONMENT, timeout: LIMIT, windowsHide: true };
    const child = execFile(program, words, options, (error, output, errors) => {
      const status = error === null ? 0 : (error.code ?? error.signal ?? 1);
      resolve({ status, output, errors });
    });
    child.stdin?.on("error", () => undefined); // the program may be gone, or never have been
    child.stdin?.end();
  });
}

/** `${workspaceFolder}`, `${userHome}`, `${env:NAME}` and `~` in a setting. */
function expand(text: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const home = process.env.HOME ?? process.env.USERPROFILE ?? "";
  return text
    .trim()
    .replaceAll("${workspaceFolder}", folder)
    .replaceAll("${userHome}", home)
    .replace(/\$\{env:(\w+)\}/g, (_, name: string) => process.env[name] ?? "")
    .replace(/^~(?=[/\\])/, home);
}
