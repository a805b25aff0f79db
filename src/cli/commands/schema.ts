import type { Command } from '../command.ts';
import { entityNamed } from '../entity-named.ts';
import { usage } from '../exit.ts';
import { rootOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';
import { jsonText } from '../json-text.ts';

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
        'Prints the JSON Schema (2020-12) of an entity. Without an entity, prints one document with all of them: #/$defs/Order. ' +
          'The schema accepts every message that the pipeline accepts. It also accepts some that the pipeline rejects, because JSON ' +
          'Schema cannot express everything, such as a `check`. With --openapi, prints the paths of the ingest role with these ' +
          'schemas, the answers and the headers, as OpenAPI 3.1.',
      )
      .argument('<file>', 'the .nom file')
      .argument('[entity]', 'the entity (default: all of them)')
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
    throw usage(`--openapi prints all entities of the file and cannot be combined with ${name}`);
  const { analysis, plan } = loadPlan(file, terminal, root);
  const { program } = analysis;
  if (openapi === true) {
    const { openApi } = await import('../../tools/schema/openapi.ts');
    terminal.out(jsonText(openApi(program, plan)));
    return;
  }
  const wanted = name === undefined ? undefined : entityNamed(plan, name).name;
  const entity = program.entities.find((each) => each.name === wanted);
  const { entitySchema, programSchema } = await import('../../tools/schema/json-schema.ts');
  const printed = entity === undefined ? programSchema(program) : entitySchema(entity, program);
  terminal.out(jsonText(printed));
}
