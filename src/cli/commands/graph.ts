import { Option } from 'commander';
import type { Command } from '../command.ts';
import { rootOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';

const formats = ['mermaid', 'dot', 'svg'] as const;

interface Options {
  readonly root?: string;
  readonly format: (typeof formats)[number];
}

export const graph: Command = {
  name: 'graph',
  register: (parser, terminal) => {
    parser
      .command('graph')
      .summary('draw messages, derivations and tables, with the streams and roles around them')
      .description(
        'Prints the graph of a pipeline: roles, subjects and their streams, messages, derivations, tables with their keys, and ' +
          'the references between tables. Mermaid is for Markdown, dot for Graphviz, svg for a browser.',
      )
      .argument('<file>', 'the .nom file')
      .addOption(
        new Option('--format <format>', 'the language of the graph').choices(formats).default('mermaid'),
      )
      .addOption(rootOption())
      .action((file: string, options: Options) => run(file, options, terminal));
  },
};

async function run(file: string, { format, root }: Options, terminal: Terminal): Promise<void> {
  const { program } = loadPlan(file, terminal, root).analysis;
  const { graphOf } = await import('../../tools/graph/graph.ts');
  const drawn = graphOf(program);
  if (format === 'mermaid') {
    const { mermaidText } = await import('../../tools/graph/mermaid.ts');
    terminal.out(mermaidText(drawn));
    return;
  }
  const { dotText } = await import('../../tools/graph/dot.ts');
  const dot = dotText(drawn);
  if (format === 'dot') terminal.out(dot);
  else terminal.out(await (await import('../graph-svg.ts')).svgOf(dot));
}
