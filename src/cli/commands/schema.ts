import type { Command } from '../command.ts';
import { entityNamed } from '../entity-named.ts';
import { usage } from '../exit.ts';
import { rootOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly root?: string;
  readonly openapi?: true;
}

export const schema: Command = {
  name: 'schema',
  register: (parser, terminal) => {
    parser
      .command('schema')
      .summary('print the JSON Schema of messages, or the OpenAPI document of the ingest role')
      .description(
        'Prints the JSON Schema (2020-12) of an entity, or without one a document that defines each: #/$defs/Order. It refuses\n' +
          'nothing that the pipeline takes, and accepts more where JSON Schema cannot tell, such as a `check`. With --openapi it\n' +
          'prints the paths of the ingest role with these schemas, their answers and headers, as OpenAPI 3.1.',
      )
      .argument('<file>', 'the .nom file')
      .argument('[entity]', 'the entity; every one when left out')
      .option('--openapi', 'print an OpenAPI document for the whole file')
      .addOption(rootOption())
      .action((file: string, entity: string | undefined, options: Options) =>
        run(file, entity, options, terminal),
      );
  },
};

async function run(
  file: string,
  name: string | undefined,
  { openapi, root }: Options,
  terminal: Terminal,
): Promise<void> {
  if (openapi === true && name !== undefined)
    throw usage(`--openapi is about every entity of the file, so it takes no ${name}`);
  const { analysis, plan } = loadPlan(file, terminal, root);
  const { program } = analysis;
  if (openapi === true) {
    const { openApi } = await import('../../tools/schema/openapi.ts');
    terminal.out(`${JSON.stringify(openApi(program, plan), null, 2)}\n`);
    return;
  }
  const wanted = name === undefined ? undefined : entityNamed(plan, name).name;
  const entity = program.entities.find((each) => each.name === wanted);
  const { entitySchema, programSchema } = await import('../../tools/schema/json-schema.ts');
  const printed = entity === undefined ? programSchema(program) : entitySchema(entity, program);
  terminal.out(`${JSON.stringify(printed, null, 2)}\n`);
}
