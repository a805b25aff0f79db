import type { Command } from '../command.ts';
import { jsonOption, quietOption, rootOption } from '../options.ts';
import type { TestOptions } from '../test-files.ts';

export const test: Command = {
  name: 'test',
  register: (parser, terminal) => {
    parser
      .command('test')
      .summary('run the tests in files, without a server')
      .description(
        'Runs the `test` blocks of each file. Each test starts with empty tables, evaluates its messages like the worker, writes ' +
          'the rows by the rule of each upsert, and compares. A reference is enforced if a message of the test can write its parent. ' +
          'Messages arrive on 2020-01-01. `given Entity "file.json"` reads a file next to the .nom file. An .ndjson file has one ' +
          'message per line. The header x-filename of a message from a file has the name of the file. Exit status 1 if a test fails ' +
          'or a file does not pass the check.',
      )
      .argument('<files...>', '.nom files')
      .option('-w, --watch', 'run again when a file changes, until Ctrl-C')
      .option('-n, --name <title>', 'run only the tests of this title')
      .addOption(jsonOption('the results'))
      .addOption(quietOption())
      .addOption(rootOption())
      .action(async (files: string[], options: TestOptions) => {
        const { testFiles } = await import('../test-files.ts');
        await testFiles(files, options, terminal);
      });
  },
};
