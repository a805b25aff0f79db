import {
  StreamMessageWriter,
  type Event,
  type Message,
  type MessageReader,
  type MessageWriter,
  type RequestMessage,
  type ResponseMessage,
} from 'vscode-languageserver/node';
import { decide, type State } from './entrance.ts';
import { frames } from './frames.ts';

/** What becomes of a stream of messages beside those that are handed on. */
export interface TransportEvents {
  /** Something of the editor was ignored; one sentence. */
  readonly ignored: (why: string) => void;
  /** The editor said `exit`, its messages ended, or something is no message. Told once, when every request has its answer. */
  readonly ended: (state: State, fault?: string) => void;
}

const never: Event<never> = () => ({ dispose: () => undefined });

/**
 * Reads messages, refuses those that may not come now or have another form, and hands the others on. The reader is our own because
 * that of the library goes on in silence behind a header that it cannot read, and its `exit` is faster than the answers before it.
 */
export function transport(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  events: TransportEvents,
): { readonly reader: MessageReader; readonly writer: MessageWriter } {
  const stream = new StreamMessageWriter(output);
  /** The requests that have no answer yet. */
  const unanswered = new Set<string>();
  let state: State = 'new';
  let ending: { readonly fault?: string } | undefined;
  let told = false;
  const endWhenAnswered = (): void => {
    if (ending === undefined || unanswered.size > 0 || told) return;
    told = true;
    events.ended(state, ending.fault);
  };
  const end = (fault?: string): void => {
    ending ??= fault === undefined ? {} : { fault };
    endWhenAnswered();
  };
  const write = async (message: Message): Promise<void> => {
    try {
      await stream.write(message);
    } finally {
      // Where nobody reads the answer any more, it counts as well.
      if (!('method' in message) && 'id' in message) unanswered.delete(String(message.id));
      endWhenAnswered();
    }
  };
  const receive = (body: string, handle: (message: Message) => void): void => {
    const decision = decide(state, body);
    switch (decision.kind) {
      case 'exit':
        end();
        return;
      case 'passed': {
        ({ state } = decision);
        const message = decision.message as RequestMessage;
        if (decision.asks) unanswered.add(String(message.id));
        handle(message);
        return;
      }
      case 'refused': {
        const error = { code: decision.code, message: decision.why };
        const answer: ResponseMessage = { jsonrpc: '2.0', id: decision.id, error };
        // Where the editor cannot be written to, its input ends as well.
        stream.write(answer).catch(() => undefined);
        return;
      }
      case 'ignored':
        if (decision.why !== undefined) events.ignored(decision.why);
    }
  };
  const reader: MessageReader = {
    onError: never,
    onClose: never,
    onPartialMessage: never,
    listen: (handle) => {
      const cut = frames();
      const onData = (piece: Uint8Array | string): void => {
        for (const frame of cut(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece)) {
          if (ending !== undefined) return;
          if (frame.kind === 'fault') end(frame.why);
          else receive(frame.text, handle);
        }
      };
      input.on('data', onData);
      for (const event of ['end', 'close', 'error']) input.on(event, () => end());
      return { dispose: () => void input.off('data', onData) };
    },
    dispose: () => undefined,
  };
  const writer: MessageWriter = {
    onError: stream.onError,
    onClose: stream.onClose,
    write,
    end: () => stream.end(),
    dispose: () => stream.dispose(),
  };
  return { reader, writer };
}
