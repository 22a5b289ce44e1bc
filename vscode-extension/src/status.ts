/** The item among the language's states: what the server does, and which one it is. */

import * as vscode from "vscode";

export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;

  constructor(selector: vscode.DocumentSelector) {
    this.item = vscode.languages.createLanguageStatusItem("dflint.status", selector);
    this.item.name = "dflint";
  }

  starting(): void {
    this.show("dflint", "starting", vscode.LanguageStatusSeverity.Information, true);
  }

  running(version: string, origin: string): void {
    const text = `dflint ${version}`;
    this.show(text, `running, from ${origin}`, vscode.LanguageStatusSeverity.Information);
  }

  died(wait: number): void {
    const detail = `the server has ended; starting again in ${Math.ceil(wait / 1000)} s`;
    this.show("dflint", detail, vscode.LanguageStatusSeverity.Warning);
  }

  missing(message: string): void {
    this.show("dflint", message, vscode.LanguageStatusSeverity.Error);
    this.item.command = { title: "Restart", command: "dflint.restart" };
  }

  dispose(): void {
    this.item.dispose();
  }

  private show(
    text: string,
    detail: string,
    severity: vscode.LanguageStatusSeverity,
    busy = false,
  ): void {
    this.item.text = text;
    this.item.detail = detail;
    this.item.severity = severity;
    this.item.busy = busy;
    this.item.command = { title: "Show log", command: "dflint.showLog" };
  }
}
