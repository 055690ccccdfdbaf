import type { SubjectView, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { endOfList, type Step } from '../step';

/** What subjects use and may use (rules/quota.ts). */

/** The subject's limits have changed; does nothing if it is not counted. */
export function subjectSet(step: Step, input: VerbInput<'subjectSet'>): VerbOutput<'subjectSet'> {
  const id = keys.subject(input.tenant, input.subject);
  const row = step.rows.get('subject', id);
  if (row === undefined) return { known: false };
  row.limits = input.limits;
  step.rows.put('subject', id, row);
  return { known: true };
}

export function subjectList(step: Step, input: VerbInput<'subjectList'>): VerbOutput<'subjectList'> {
  const subjects: SubjectView[] = [];
  let after: number | undefined;
  const add = (name: string): void => {
    const row = step.rows.get('subject', name);
    if (row === undefined) return;
    const { sessions, rows, waits, limits } = row;
    subjects.push({ name, sessions, rows, waits, limits });
  };
  if (input.names !== undefined) {
    for (const name of input.names) add(name);
    return { subjects };
  }
  const page = step.rows.page('subjects', input.after, endOfList, input.limit);
  for (const entry of page) {
    after = entry.score;
    add(entry.member);
  }
  return { subjects, after: page.length < input.limit ? undefined : after };
}
