/** Tasks of type `dflint`: a build or a check of a Dockerfile, in a terminal. */

import * as path from "node:path";
import * as vscode from "vscode";
import type { Server } from "./server";
import { Terminal } from "./terminal";

const TYPE = "dflint";
const FILES = "**/{Dockerfile,Containerfile,Dockerfile.*,*.dockerfile,*.Dockerfile}";
const NEVER = "**/{node_modules,.git,.venv}/**";
const MOST = 50;

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
    const made: (vscode.Task | undefined)[] = [];
    const folders = new Set<vscode.WorkspaceFolder>();
    for (const uri of files.sort((one, two) => one.path.localeCompare(two.path))) {
      const folder = vscode.workspace.getWorkspaceFolder(uri);
      if (folder === undefined || /\.dockerignore$/.test(uri.path)) {
        continue;
      }
      const file = path.relative(folder.uri.fsPath, uri.fsPath);
      folders.add(folder);
      made.push(await this.task({ type: TYPE, task: "build", file }, folder));
      made.push(await this.task({ type: TYPE, task: "check", file }, folder));
    }
    for (const folder of folders) {
      made.push(await this.task({ type: TYPE, task: "check", file: "." }, folder));
    }
    return made.filter((one) => one !== undefined);
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
    const place = path.resolve(folder.uri.fsPath, file);
    const words = isBuild ? buildWords(definition, place) : checkWords(folder, place);
    const all = [...found.before, ...words, ...(definition.args ?? [])];
    const run = new vscode.CustomExecution(async () =>
      new Terminal(found.program, all, folder.uri.fsPath));
    const what = file === "." ? "the folder" : file;
    const name = `${definition.task} ${what}${definition.stage ? ` (${definition.stage})` : ""}`;
    const matcher = isBuild ? "$dflint-build" : "$dflint-check";
    const task = new vscode.Task(definition, folder, name, TYPE, run, matcher);
    task.group = isBuild ? vscode.TaskGroup.Build : vscode.TaskGroup.Test;
    return task;
  }
}

function buildWords(definition: Definition, place: string): string[] {
  const target = definition.stage ? ["--target", definition.stage] : [];
  const context = definition.context ?? path.dirname(place);
  return ["build", "--progress", "plain", "-f", place, ...target, context];
}

/** The matcher takes paths from the workspace folder, without a look at the disk. */
function checkWords(folder: vscode.WorkspaceFolder, place: string): string[] {
  const near = path.relative(folder.uri.fsPath, place) || ".";
  return ["check", "--color", "always", "--output-format", "concise", near];
}
