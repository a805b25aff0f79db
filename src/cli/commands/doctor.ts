import type { Diagnosis } from '../../roles/doctor/diagnosis.ts';
import type { Command } from '../command.ts';
import { doctorSettings, startOf } from '../doctor-settings.ts';
import { Ended, EXIT } from '../exit.ts';
import { roleNamed } from '../role-named.ts';
import { addRoleOptions, type RoleFlags } from '../role-settings.ts';
import { databaseOption, jsonOption, ledgerSchemaOption, natsOption, rootOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';
import { visible } from '../../text/visible.ts';
import { jsonText } from '../json-text.ts';

interface Options extends RoleFlags {
  readonly root?: string;
  readonly json?: true;
  readonly strict?: true;
  readonly role?: string;
  readonly databaseUrl?: string;
  readonly natsUrl?: string;
  readonly ledgerSchema?: string;
}

export const doctor: Command = {
  name: 'doctor',
  register: (parser, terminal) => {
    addRoleOptions(
      parser
        .command('doctor')
        .summary('examine the servers of a file: versions, TLS, rights, clocks, settings, room')
        .description(
          'Looks at everything that the roles of the file need, and changes nothing: whether the servers answer and which versions ' +
            'they are, encryption, rights, clocks, settings that cannot be used or contradict each other, room, and whether tables and streams agree ' +
            'with the file, and whether traces and metrics arrive where OTEL_* variables say. Each line says ok, warn or fail, and what to do. A right that is missing is a warning, since another user may run the role, ' +
            'unless --role names it or this user can run none. With --role, the start of the role is tried too, with the flags and the ' +
            'environment that it would have: its secrets, certificates, keys and port. Exit status 1 if something fails, or with --strict if ' +
            'there is a warning.',
        )
        .argument('<file>', 'the .nom file')
        .option(
          '-r, --role <name>',
          'the role whose user asks: a right that it lacks is a failure, and what its start lacks',
        )
        .option('--strict', 'take a warning for a failure')
        .addOption(jsonOption('what was found')),
    )
      .addOption(databaseOption())
      .addOption(natsOption())
      .addOption(ledgerSchemaOption())
      .addOption(rootOption())
      .action((file: string, options: Options) => run(file, options, terminal));
  },
};

async function run(file: string, options: Options, terminal: Terminal): Promise<void> {
  const { plan } = loadPlan(file, terminal, options.root);
  const role = options.role === undefined ? undefined : roleNamed(plan, options.role);
  const start = role === undefined ? undefined : startOf(role, options);
  const { runDoctor } = await import('../../runtime/doctor.ts');
  const found = await runDoctor({ plan, start, ...doctorSettings(options) });
  terminal.out(options.json === true ? jsonText(found) : diagnosesText(found));
  const bad = found.some(({ status }) => status === 'fail' || (status === 'warn' && options.strict === true));
  if (bad) throw new Ended(EXIT.fault, '');
}

/** `warn  Postgres    the connection is not encrypted`, and what to do on the next line: once for neighbours that it helps alike. */
function diagnosesText(found: readonly Diagnosis[]): string {
  return found
    .map(({ area, status, message, help }, index) => {
      const line = `${status.padEnd(4)}  ${area.padEnd(10)}  ${visible(message)}\n`;
      const saidBelow = help === found[index + 1]?.help;
      return help === undefined || saidBelow ? line : `${line}${' '.repeat(18)}→ ${visible(help)}\n`;
    })
    .join('');
}
