import type { Hover } from 'vscode-languageserver/node';
import { startClient } from '../test/editor/client.ts';
import { largeProgram } from '../test/support/large-program.ts';
import { median } from './figures.ts';

const ROUNDS = 30;

/** Milliseconds from an edit in a program of `lines` lines until the language server answers a hover over it. */
export async function editing(lines: number): Promise<number> {
  const client = await startClient();
  try {
    const text = await client.open('large.nom', largeProgram(lines));
    await text.findings();
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const type = `text(${20 + round})?`;
      const before = performance.now();
      await text.replace('priority:     text(15)?', `priority:     ${type}`);
      const { contents } = await client.ask<Hover>('textDocument/hover', {
        textDocument: { uri: text.uri },
        position: text.position('prior|ity: '),
      });
      took.push(performance.now() - before);
      if (!JSON.stringify(contents).includes(type)) throw new Error('the hover does not show the edit');
      await text.replace(type, 'text(15)?');
      await text.findings();
    }
    return median(took);
  } finally {
    await client.stop();
  }
}
