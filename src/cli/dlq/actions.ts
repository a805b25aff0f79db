import type { Dropped } from '../../ports/dead-letters.ts';
import { addVerdict, type CodeReport, simulator } from '../../roles/dead-letters/simulate.ts';
import { chunksOf, eachDeadLetter } from '../../roles/dead-letters/walk.ts';
import { confirmChange } from '../confirm.ts';
import { Ended, EXIT, fault, usage } from '../exit.ts';
import { loadPlan } from '../program-file.ts';
import { startProgress } from '../progress.ts';
import { dropAll, droppedText } from './dropping.ts';
import type { DlqAction } from './flags.ts';
import { withServers } from './open.ts';
import { fullData, fullText, letterData, listText, simulationText } from './print.ts';
import { editedBody, replayAll, replayLineText } from './replaying.ts';
import { limitOf, narrows, nothingFound, selectionOf } from './selection.ts';
import { jsonText } from '../json-text.ts';

/** Dead letters that a list shows a person unless told otherwise. */
const SHOWN = 50;

const WHICH = 'which dead letters? give message ids, --entity, --code, --since, --until, or --all';

export const list: DlqAction = async (file, ids, flags, terminal) => {
  const { plan } = loadPlan(file, terminal, flags.root);
  const limit = limitOf(flags.limit) ?? SHOWN;
  const selection = {
    ...selectionOf(plan.pipeline, ids, flags, Date.now()),
    replayed: flags.replayed === true,
  };
  await withServers(plan, flags, false, async ({ store }) => {
    const letters = await store.ledger.deadLetters.newest(selection, limit);
    if (flags.json === true) {
      terminal.out(jsonText(letters.map(letterData)));
      return;
    }
    if (letters.length === 0) {
      terminal.out('there are no such dead letters\n');
      return;
    }
    terminal.out(listText(letters));
    const all = letters.length < limit ? letters.length : await store.ledger.deadLetters.count(selection);
    if (all > letters.length) terminal.out(`… and ${all - letters.length} older; --limit shows more\n`);
  });
};

export const show: DlqAction = async (file, ids, flags, terminal) => {
  const { plan } = loadPlan(file, terminal, flags.root);
  const selection = { ...selectionOf(plan.pipeline, ids, flags, Date.now()), replayed: true };
  await withServers(plan, flags, false, async ({ store }) => {
    // The message may have died again after a replay: the last one is what there is to repair.
    const { deadLetters } = store.ledger;
    const [last] = await deadLetters.newest(selection, 1);
    const [letter] = await deadLetters.readFull(last === undefined ? [] : [last.id]);
    if (letter === undefined) throw fault(`there is no dead letter of ${ids.join(', ')}`);
    terminal.out(flags.json === true ? jsonText(fullData(letter)) : fullText(letter));
  });
};

export const replay: DlqAction = async (file, ids, flags, terminal) => {
  const { plan } = loadPlan(file, terminal, flags.root);
  const selection = selectionOf(plan.pipeline, ids, flags, Date.now());
  if (!narrows(selection) && flags.all !== true) throw usage(WHICH);
  if (flags.body !== undefined && ids.length !== 1) throw usage('--body is for one message: name it');
  const limit = limitOf(flags.limit) ?? Infinity;
  await withServers(plan, flags, true, async (servers) => {
    const request = { plan, selection, limit, terminal };
    const body = flags.body === undefined ? undefined : await editedBody(servers, request, flags.body);
    const total = Math.min(limit, await servers.store.ledger.deadLetters.count(selection));
    if (total === 0) throw nothingFound(ids);
    await confirmChange({ does: `publish ${lettersText(total)} again`, yes: flags.yes === true, terminal });
    const { replayed, others } = await replayAll(servers, { ...request, body });
    if (flags.json === true) terminal.out(jsonText({ replayed, others }));
    else {
      terminal.out(`${replayed} replayed${others.length === 0 ? '' : `, ${others.length} not`}\n`);
      for (const line of others) terminal.out(`  ${replayLineText(line)}`);
    }
    if (others.length > 0) throw new Ended(EXIT.fault, '');
  });
};

export const drop: DlqAction = async (file, ids, flags, terminal) => {
  const { plan } = loadPlan(file, terminal, flags.root);
  const selection = {
    ...selectionOf(plan.pipeline, ids, flags, Date.now()),
    replayed: flags.replayed === true,
  };
  if (!narrows(selection) && flags.all !== true) throw usage(WHICH);
  const limit = limitOf(flags.limit) ?? Infinity;
  await withServers(plan, flags, false, async ({ store }) => {
    const total = Math.min(limit, await store.ledger.deadLetters.count(selection));
    if (total === 0) throw nothingFound(ids);
    await confirmChange({
      does: `delete ${lettersText(total)} permanently`,
      yes: flags.yes === true,
      terminal,
    });
    const progress = await startProgress('drop', total, 'messages', terminal);
    let result: Dropped;
    try {
      result = await dropAll(store, selection, limit, progress.update);
    } finally {
      progress.stop();
    }
    if (flags.json === true) terminal.out(jsonText(result));
    else terminal.out(droppedText(result));
  });
};

export const exportAll: DlqAction = async (file, ids, flags, terminal) => {
  const { plan } = loadPlan(file, terminal, flags.root);
  const selection = {
    ...selectionOf(plan.pipeline, ids, flags, Date.now()),
    replayed: flags.replayed === true,
  };
  const limit = limitOf(flags.limit) ?? Infinity;
  await withServers(plan, flags, false, async ({ store }) => {
    for await (const letters of chunksOf(eachDeadLetter(store, selection, limit))) {
      for (const letter of await store.ledger.deadLetters.readFull(letters.map(({ id }) => id)))
        terminal.out(jsonText(fullData(letter), 0));
    }
  });
};

export const simulate: DlqAction = async (file, ids, flags, terminal) => {
  const { plan } = loadPlan(file, terminal, flags.root);
  const selection = selectionOf(flags.pipeline ?? plan.pipeline, ids, flags, Date.now());
  const limit = limitOf(flags.limit) ?? Infinity;
  await withServers(plan, flags, false, async ({ store }) => {
    const total = Math.min(limit, await store.ledger.deadLetters.count(selection));
    if (total === 0) throw nothingFound(ids);
    const judge = simulator(plan);
    const reports = new Map<string, CodeReport>();
    const progress = await startProgress('simulate', total, 'messages', terminal);
    let done = 0;
    try {
      for await (const letters of chunksOf(eachDeadLetter(store, selection, limit))) {
        for (const letter of await store.ledger.deadLetters.readFull(letters.map(({ id }) => id)))
          addVerdict(reports, letter, judge(letter));
        done += letters.length;
        progress.update(done);
      }
    } finally {
      progress.stop();
    }
    const sorted = [...reports.values()].toSorted((left, right) => right.letters - left.letters);
    for (const { reasons } of sorted) reasons.sort((left, right) => right.letters - left.letters);
    if (flags.json !== true) terminal.out(simulationText(sorted));
    else terminal.out(jsonText(simulationData(sorted)));
  });
};

function lettersText(count: number): string {
  return count === 1 ? '1 dead letter' : `${count} dead letters`;
}

function simulationData(reports: readonly CodeReport[]) {
  return reports.map(({ code, letters, passes, postgresDecides, fails, reasons }) => ({
    code,
    letters,
    passes,
    postgres_decides: postgresDecides,
    fails,
    reasons,
  }));
}
