/** Tasks of type `dflint`: a build or a check of a Dockerfile, in a terminal. */

import * as path from "node:path";
import * as vscode from "vscode";
import type { Server } from "./server";

const TYPE = "dflint";
const FILES = "**/{Dockerfile,Containerfile,Dockerfile.*,*.dockerfile,*.Dockerfile}";
const NEVER = "**/{node_modules,.git,.venv}/**";
const MOST = 50;
/** One for each number of lines that the excerpt shows above the marked one. */
const BUILD_MATCHERS = [1, 2, 3, 4, 5].map((one) => `$dflint-build-${one}`);

interface Definition extends vscode.TaskDefinition {
  readonly task: "build" | "check";
  readonly file?: string;
  readonly context?: string;
  readonly stage?: string;
  readonly args?: readonly string[];
}

/** Offers a build and a check of every Dockerfile; `tasks.json` may name stage and options. */
export class Tasks implements vscode.TaskProvider {
  constructor(private readonly server: Server) {}

  async provideTasks(token: vscode.CancellationToken): Promise<vscode.Task[]> {
    const files = await vscode.workspace.findFiles(FILES, NEVER, MOST, token);
    const made: vscode.Task[] = [];
    for (const uri of files.sort((one, two) => one.path.localeCompare(two.path))) {
      const folder = vscode.workspace.getWorkspaceFolder(uri);
      if (folder === undefined || /\.dockerignore$/.test(uri.path)) {
        continue;
      }
      const file = path.relative(folder.uri.fsPath, uri.fsPath);
      for (const task of ["build", "check"] as const) {
        const one = await this.task({ type: TYPE, task, file }, folder);
        if (one !== undefined) {
          made.push(one);
        }
      }
    }
    return made;
  }

  async resolveTask(task: vscode.Task): Promise<vscode.Task | undefined> {
    const scope = task.scope;
    const folder =
      typeof scope === "object" ? scope : vscode.workspace.workspaceFolders?.[0];
    return folder && this.task(task.definition as Definition, folder);
  }

  private async task(
    definition: Definition,
    folder: vscode.WorkspaceFolder,
  ): Promise<vscode.Task | undefined> {
    let found;
    try {
      found = await this.server.dflint();
    } catch {
      return undefined; // the status item says what is missing
    }
    const file = definition.file ?? "Dockerfile";
    const isBuild = definition.task === "build";
    // Whole paths: several Dockerfiles have the same name, and problems are to stand in the right one.
    const place = path.resolve(folder.uri.fsPath, file);
    const words = isBuild ? buildWords(definition, place) : ["check", file];
    const all = [...found.before, ...words, ...(definition.args ?? [])];
    const run = new vscode.ProcessExecution(found.program, all, {
      cwd: folder.uri.fsPath,
      env: { PYTHONSAFEPATH: "1" },
    });
    const name = `${definition.task} ${file}${definition.stage ? ` (${definition.stage})` : ""}`;
    const matchers = isBuild ? BUILD_MATCHERS : ["$dflint-check"];
    const task = new vscode.Task(definition, folder, name, TYPE, run, matchers);
    task.group = isBuild ? vscode.TaskGroup.Build : vscode.TaskGroup.Test;
    return task;
  }
}

function buildWords(definition: Definition, place: string): string[] {
  const target = definition.stage ? ["--target", definition.stage] : [];
  const context = definition.context ?? path.dirname(place);
  return ["build", "--progress", "plain", "-f", place, ...target, context];
}
