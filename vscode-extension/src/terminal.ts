/** The terminal of a task: a program's output, with its problem on one line. */

import { spawn, type ChildProcess } from "node:child_process";
import * as vscode from "vscode";
import { ENVIRONMENT } from "./find";
import { problemOf } from "./problem";

const INTERRUPT = "\x03";
/** The editor reads problems for so long (ms) after the end that all of a short output is in time. */
const REST = 300;
/** So much of the output (characters, at its end) is looked at for a problem. */
const KEPT = 100_000;

/**
 * Runs a program. The editor's own way would do, were it not that a terminal that is used again gives
 * each line to problem matchers several times (seen in VS Code 1.139), so that none of several lines
 * matches any more; and that nothing is read any more 100 ms after the end.
 */
export class Terminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  private readonly closed = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.written.event;
  readonly onDidClose = this.closed.event;
  private child: ChildProcess | undefined;
  private output = "";

  constructor(
    private readonly program: string,
    private readonly words: readonly string[],
    private readonly cwd: string,
  ) {}

  open(): void {
    this.write(`> ${[this.program, ...this.words].join(" ")}\n\n`);
    const child = spawn(this.program, this.words, { cwd: this.cwd, env: ENVIRONMENT, windowsHide: true });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => this.write(text));
    }
    child.stdin.on("error", () => undefined); // the program may be gone
    child.stdin.end();
    child.on("error", (error) => this.end(127, `${error.message}\n`));
    child.on("close", (status, signal) =>
      this.end(status ?? 1, signal === null ? "" : `ended by ${signal}\n`));
  }

  close(): void {
    this.child?.kill();
  }

  handleInput(text: string): void {
    if (text.includes(INTERRUPT)) {
      this.child?.kill("SIGINT");
    }
  }

  private write(text: string): void {
    this.output = (this.output + text).slice(-KEPT);
    this.written.fire(text.replace(/\r?\n/g, "\r\n"));
  }

  private end(status: number, last: string): void {
    if (this.child === undefined) {
      return; // an error is followed by an end
    }
    this.child = undefined;
    const problem = status === 0 ? undefined : problemOf(this.output);
    this.write(problem === undefined ? last : `${last}\n${problem}\n`);
    setTimeout(() => this.closed.fire(status), REST);
  }
}
