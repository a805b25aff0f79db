import type { Command } from '../command.ts';
import { entityNamed } from '../entity-named.ts';
import { loadPlan } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';

export const schema: Command = {
  name: 'schema',
  register: (parser, terminal) => {
    parser
      .command('schema')
      .summary('print the JSON Schema of messages')
      .description(
        'Prints the JSON Schema (2020-12) of an entity, or without one a document that defines each: #/$defs/Order. It refuses\n' +
          'nothing that the pipeline takes, and accepts more where JSON Schema cannot tell, such as a `check`.',
      )
      .argument('<file>', 'the .nom file')
      .argument('[entity]', 'the entity; every one when left out')
      .action((file: string, entity: string | undefined) => run(file, entity, terminal));
  },
};

async function run(file: string, name: string | undefined, terminal: Terminal): Promise<void> {
  const { analysis, plan } = loadPlan(file, terminal);
  const { program } = analysis;
  const wanted = name === undefined ? undefined : entityNamed(plan, name).name;
  const entity = program.entities.find((each) => each.name === wanted);
  const { entitySchema, programSchema } = await import('../../tools/schema/json-schema.ts');
  const printed = entity === undefined ? programSchema(program) : entitySchema(entity, program);
  terminal.out(`${JSON.stringify(printed, null, 2)}\n`);
}
