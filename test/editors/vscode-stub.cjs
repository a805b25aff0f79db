/*
 * As much of the editor's `vscode` module as a language client needs to start, with one open text. What the extension
 * shows is printed, a JSON value on each line. Everything else of the module is a class that does nothing.
 */
const { readFileSync } = require('node:fs');

const print = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

function Disposable(dispose) {
  this.dispose = dispose ?? (() => {});
}

Disposable.from = (...each) => new Disposable(() => each.forEach((one) => one.dispose()));

/** A class that does nothing; its constants are their own names. */
function inert() {
  return new Proxy(function Inert() {}, {
    get: (target, key) => (key in target || typeof key === 'symbol' ? target[key] : key),
  });
}

class EventEmitter {
  constructor() {
    this.listeners = new Set();
    this.event = (listener) => {
      this.listeners.add(listener);
      return new Disposable(() => this.listeners.delete(listener));
    };
  }
  fire(value) {
    for (const listener of this.listeners) listener(value);
  }
  dispose() {}
}

const changed = new EventEmitter();
const silent = () => new Disposable();
const uri = (path) => ({ toString: () => `file://${path}`, fsPath: path, scheme: 'file', path });
const text = {
  uri: uri('/project/a.nom'),
  fileName: '/project/a.nom',
  languageId: 'nom',
  version: 1,
  isClosed: false,
  getText: () => 'entitty A { id: int }\n',
};
let path = process.env.NOMNOM_PATH;

const channel = new Proxy({ name: 'nomnom', logLevel: 1 }, { get: (target, key) => target[key] ?? silent });

const vscode = {
  version: '1.99.0',
  Disposable,
  EventEmitter,
  Range: function Range(line, character) {
    this.start = { line, character };
  },
  Diagnostic: function Diagnostic(range, message) {
    Object.assign(this, { range, message });
  },
  CancellationTokenSource: function CancellationTokenSource() {
    this.token = { isCancellationRequested: false, onCancellationRequested: silent };
    this.cancel = silent;
    this.dispose = silent;
  },
  Uri: Object.assign(function Uri() {}, {
    parse: (address) => uri(address.replace('file://', '')),
    file: uri,
  }),
  DiagnosticSeverity: { Error: 0, Warning: 1 },
  DiagnosticTag: {},
  LogLevel: {},
  commands: { registerCommand: silent },
  window: new Proxy(
    {
      createOutputChannel: () => channel,
      showErrorMessage: async (message) => print({ error: message }),
      activeTextEditor: { document: text },
      visibleTextEditors: [{ document: text }],
      tabGroups: { all: [], onDidChangeTabs: silent, onDidChangeTabGroups: silent },
    },
    { get: (target, key) => target[key] ?? silent },
  ),
  workspace: new Proxy(
    {
      isTrusted: process.env.TRUSTED !== 'no',
      workspaceFolders: [],
      textDocuments: [text],
      notebookDocuments: [],
      getConfiguration: () => ({ get: (key, fallback) => (key === 'path' ? path : fallback) }),
      onDidChangeConfiguration: changed.event,
      createFileSystemWatcher: () => ({
        onDidCreate: silent,
        onDidChange: silent,
        onDidDelete: silent,
        dispose() {},
      }),
      fs: {},
    },
    { get: (target, key) => target[key] ?? silent },
  ),
  env: { language: 'en', appName: 'stub' },
  extensions: { all: [], getExtension: () => undefined },
  languages: new Proxy(
    {
      match: () => 10,
      createDiagnosticCollection: () => ({
        set: (_, diagnostics) => {
          print({ findings: diagnostics.map(({ code, range }) => [code, range.start.line]) });
          process.stdin.emit('shown');
        },
        delete() {},
        clear() {},
        dispose() {},
      }),
    },
    { get: (target, key) => target[key] ?? silent },
  ),
};

// The client extends classes of the module as soon as it is loaded: every name that the bundle may mean is one.
const bundle = readFileSync(process.env.EXTENSION, 'utf8');
for (const [, name] of bundle.matchAll(/\b\w+\.([A-Z]\w+)/g)) vscode[name] ??= inert();

module.exports = vscode;

if (process.env.PATH_LATER !== undefined)
  process.on('activated', () => {
    path = process.env.PATH_LATER;
    changed.fire({ affectsConfiguration: () => true });
  });
