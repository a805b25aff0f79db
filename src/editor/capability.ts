import type {
  ClientCapabilities,
  Connection,
  Position,
  ServerCapabilities,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FileTree } from '../syntax/tree.ts';
import type { Document } from './document.ts';
import type { EditorSettings } from './editor-settings.ts';
import type { OtherPrograms } from './other-programs.ts';
import type { FolderEntry } from './paths.ts';
import type { TextOf } from './protocol.ts';

/** One thing that the server does for an editor. Each file of `capabilities/` has one, and the registry names them all. */
export interface Capability {
  /** What the server says of it when an editor starts it. */
  readonly announces: ServerCapabilities;
  /** Registers what answers. */
  readonly serve: (session: Session) => void;
}

/** What a capability needs of the server. */
export interface Session {
  readonly connection: Connection;
  /** Answers from the text that is open there; null where none is. */
  readonly at: <T>(place: Place, answer: (at: At) => T) => T | null;
  /** The same about a whole text. */
  readonly within: <T>(textDocument: Place['textDocument'], answer: (at: At) => T) => T | null;
  /** Every text that the editor has open. */
  readonly opened: () => readonly At[];
  /** The saved programs of the workspace, without those that are open. */
  readonly saved: () => readonly FileTree[];
  /** All of them, for questions that a single program cannot answer. */
  readonly others: OtherPrograms;
  /** The findings that an editor shows in a file. */
  readonly findingsOf: (document: Document) => readonly Diagnostic[];
  readonly textOf: TextOf;
  /** What the editor can do; known from the first question on. */
  readonly client: () => ClientCapabilities;
  readonly settings: () => EditorSettings;
  /** What stands in a folder that a program can name. */
  readonly namesIn: (program: string, folder: string) => readonly FolderEntry[];
}

/** What is asked at a place in a text. */
export interface Place {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

export interface At {
  readonly text: TextDocument;
  readonly document: Document;
  readonly offset: number;
  readonly textOf: TextOf;
}
