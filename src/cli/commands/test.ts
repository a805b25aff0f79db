import type { Command } from '../command.ts';
import { jsonOption, quietOption, rootOption } from '../options.ts';
import type { TestOptions } from '../test-files.ts';

export const test: Command = {
  name: 'test',
  register: (parser, terminal) => {
    parser
      .command('test')
      .summary('run the tests that stand in files, without any server')
      .description(
        'Runs the `test` blocks of each file: each begins with empty tables, evaluates its messages as the worker does, keeps\n' +
          'their rows by the rule of each upsert, and compares. A reference is enforced where a message of the test can write its\n' +
          'parent. Messages arrive on 2020-01-01; `given Entity "file.json"` reads beside the .nom file, a .ndjson file has a\n' +
          'message on each line, and a message from a file has its name in the header x-filename. Exit status 1 where a test fails\n' +
          'or a file does not pass the check.',
      )
      .argument('<files...>', '.nom files')
      .option('-w, --watch', 'run again when a file changes, until Ctrl-C')
      .addOption(jsonOption('the results'))
      .addOption(quietOption())
      .addOption(rootOption())
      .action(async (files: string[], options: TestOptions) => {
        const { testFiles } = await import('../test-files.ts');
        await testFiles(files, options, terminal);
      });
  },
};
