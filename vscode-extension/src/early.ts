/** A server that is started while it is still being asked whether it can serve. */

import { spawn, type ChildProcess } from "node:child_process";
import { ENVIRONMENT, type Found } from "./find";

export class EarlyServer {
  private words = "";
  private child: ChildProcess | undefined;

  /** `cwd` is where servers run; where the editor does, if it is undefined. */
  constructor(private readonly cwd: string | undefined) {}

  /** Start the server of this program, in the place of one that was started before. */
  begin(program: string, before: readonly string[]): void {
    this.end();
    const options = { cwd: this.cwd, env: ENVIRONMENT, windowsHide: true };
    const child = spawn(program, [...before, "lsp"], options);
    child.on("error", () => undefined); // there is no such program: the asking says so
    child.stdin.on("error", () => undefined);
    this.words = [program, ...before].join("\0");
    this.child = child;
  }

  /** Hand over the server if it is that of what was found, and lives; else end it. */
  take(found: Found): ChildProcess | undefined {
    const { child } = this;
    if ([found.program, ...found.before].join("\0") !== this.words || child?.exitCode !== null) {
      this.end();
      return undefined;
    }
    this.child = undefined;
    return child;
  }

  end(): void {
    this.child?.kill();
    this.child = undefined;
  }
}
