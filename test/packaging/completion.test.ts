import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completing, type Completing } from '../support/completing.ts';

// `npm test` completes in bash, which every machine has; these two are packages of every system.
test('fish completes the same', async () => {
  const { folder, env } = await completing('fish');
  const complete = (line: string): string =>
    execFileSync('fish', ['--no-config', '-c', `source completion.fish; complete -C '${line}'`], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
  expect(complete('nomnom che')).toMatch(/^check\t/);
  expect(complete('nomnom dlq sim')).toMatch(/^simulate\t/);
  expect(complete('nomnom check --format ')).toContain('sarif');
  expect(complete('nomnom completion z')).toMatch(/^zsh/);
  expect(complete('nomnom init --template m')).toMatch(/^minimal/);
  expect(complete('nomnom run shop.nom --log-level=de')).toMatch(/^--log-level=debug/);
  expect(complete('nomnom run shop.nom --role ')).toMatch(/^taker\t.*\nwriter\t.*\n$/);
  expect(complete('nomnom run shop.nom --role=w')).toMatch(/^--role=writer\t.*\n$/);
  expect(complete('nomnom doctor shop.nom -r w')).toMatch(/^writer\t.*\n$/);
  expect(complete('nomnom run none.nom --role ')).toBe('');
});

test('zsh reads its script, and describes every command', async () => {
  const { folder } = await completing('zsh');
  const read = execFileSync(
    'zsh',
    [
      '-f',
      '-c',
      'autoload -Uz compinit && compinit -u -D && source ./_nomnom && print -l ${(k)functions} && print $_comps[nomnom]',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(read).toContain('_nomnom_dlq_simulate\n');
  expect(read.trim().endsWith('_nomnom')).toBe(true);
});

/** What zsh makes of a line when somebody presses tab at its end and then enter: types it into a shell of its own. */
function completedByZsh(line: string, { folder, env }: Completing): string {
  const script = String.raw`
zmodload zsh/zpty
zpty shell "zsh -f -i"
zpty -w shell 'PS1= RPS1=; unsetopt zle_bracketed_paste prompt_cr; autoload -Uz compinit && compinit -u -D; source ./_nomnom
nomnom() { [[ $1 == completion ]] && command nomnom "$@" || print -r -- "ra""n: $*" }; print rea""dy'
zpty -r shell text '*ready*'
zpty -n -w shell "$1"$'\t'$'\n'
zpty -r shell text '*ran: *'$'\n'
print -r -- "$text"`;
  const printed = execFileSync('zsh', ['-f', '-c', script, 'zsh', line], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, TERM: 'dumb' },
    timeout: 60_000,
  });
  return /ran: (.*?)\s*$/m.exec(printed)?.[1] ?? printed;
}

test.each([
  ['nomnom init --template mini', 'init --template minimal'],
  ['nomnom init --template=mini', 'init --template=minimal'],
  ['nomnom run shop.nom --log-level de', 'run shop.nom --log-level debug'],
  ['nomnom run shop.nom --role=w', 'run shop.nom --role=writer'],
  ['nomnom doctor shop.nom -r ta', 'doctor shop.nom -r taker'],
])('zsh completes %s', async (line, completed) => {
  expect(completedByZsh(line, await completing('zsh'))).toBe(completed);
});
