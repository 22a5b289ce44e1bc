// Finds MAINTAINER as three other extensions do: at the word with a number, or at the line with a
// name; and on CMD a thing of its own, which is no finding of dflint's.

const vscode = require("vscode");

const FOUND = [
  { source: "dockerfile-utils", word: "MAINTAINER", code: 45, isWhole: false },
  { source: "docker-language-server", word: "MAINTAINER", code: "MaintainerDeprecated", isWhole: true },
  { source: "hadolint", word: "MAINTAINER", code: "DL4000", isWhole: true },
  { source: "hadolint", word: "CMD", code: "DL9999", isWhole: true },
];

function look(collection, document) {
  if (document.languageId !== "dockerfile") {
    return;
  }
  const found = [];
  for (let number = 0; number < document.lineCount; number += 1) {
    const line = document.lineAt(number);
    for (const one of FOUND.filter(({ word }) => line.text.startsWith(word))) {
      const end = one.isWhole ? line.text.length : one.word.length;
      const range = new vscode.Range(number, 0, number, end);
      const said = new vscode.Diagnostic(range, `another finding on ${one.word}`);
      said.source = one.source;
      said.code = one.code;
      found.push(said);
    }
  }
  collection.set(document.uri, found);
}

exports.activate = (context) => {
  const collection = vscode.languages.createDiagnosticCollection("others");
  context.subscriptions.push(
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => look(collection, document)),
    vscode.workspace.onDidChangeTextDocument((event) => look(collection, event.document)),
  );
  vscode.workspace.textDocuments.forEach((document) => look(collection, document));
};
