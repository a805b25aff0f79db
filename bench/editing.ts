import { setTimeout } from 'node:timers/promises';
import type { Hover } from 'vscode-languageserver/node';
import { startClient } from '../test/editor/client.ts';
import { largeProgram } from '../test/support/large-program.ts';
import { median } from './figures.ts';

const ROUNDS = 30;
/** Milliseconds between two edits of somebody who does not type. */
const REST = 500;

/** Milliseconds from an edit until the language server answers a hover over it, and until an edit shows its findings. */
interface Editing {
  readonly hover: number;
  readonly findings: number;
}

/** Edits a program of `lines` lines. */
export async function editing(lines: number): Promise<Editing> {
  const client = await startClient();
  try {
    const text = await client.open('large.nom', largeProgram(lines));
    await text.findings();
    const hovers: number[] = [];
    const findings: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const type = `text(${20 + round})?`;
      const before = performance.now();
      await text.replace('priority:     text(15)?', `priority:     ${type}`);
      const { contents } = await client.ask<Hover>('textDocument/hover', {
        textDocument: { uri: text.uri },
        position: text.position('prior|ity: '),
      });
      hovers.push(performance.now() - before);
      if (!JSON.stringify(contents).includes(type)) throw new Error('the hover does not show the edit');
      await text.findings();
      await setTimeout(REST);
      const again = performance.now();
      await text.replace(type, 'text(15)?');
      await text.findings();
      findings.push(performance.now() - again);
    }
    return { hover: median(hovers), findings: median(findings) };
  } finally {
    await client.stop();
  }
}
