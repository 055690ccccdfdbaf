import type { Argument, Command, Option } from 'commander';
import { type Lock, printable } from '#contracts';
import { pathOf } from './api';
import type { Context } from './context';

/** Completion: shells call `leasectl __complete WORD…`, which knows the commands, the options and the names that exist now. */

/** The longest that a person who has pressed TAB has to wait. */
const limitMs = 800;
const namesMax = 200;

export interface Candidate {
  word: string;
  about?: string;
}

/** The commands, options and values that can complete the last word, given the words before it. */
export async function candidates(
  program: Command,
  words: readonly string[],
  contextOf: (given: readonly string[]) => Context,
): Promise<Candidate[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  let command = program;
  let operands = 0;
  let valueOf: Option | undefined;
  for (const word of before) {
    if (valueOf !== undefined) {
      valueOf = undefined;
      continue;
    }
    // What follows is the command line of another program.
    if (word === '--') return [];
    if (word.startsWith('-')) {
      const option = optionsOf(command).find(({ long, short }) => word === long || word === short);
      if (option !== undefined && takesValue(option)) valueOf = option;
      continue;
    }
    const next =
      operands === 0
        ? command.commands.find((each) => each.name() === word || each.aliases().includes(word))
        : undefined;
    if (next === undefined) operands += 1;
    else command = next;
  }
  const dynamic = (kind: string): Promise<Candidate[]> => live(contextOf(before), kind, current);
  const [, optionName, part] = /^(--[a-z-]+)=(.*)$/.exec(current) ?? [];
  if (optionName !== undefined) {
    const option = optionsOf(command).find(({ long }) => long === optionName);
    if (option === undefined || !takesValue(option)) return [];
    const values =
      option.argChoices?.map((word) => ({ word })) ??
      (await live(contextOf(before), kindOfOption(option), part ?? ''));
    return fitting(values, part ?? '').map(({ word, about }) => ({ word: `${optionName}=${word}`, about }));
  }
  if (valueOf !== undefined)
    return fitting(
      valueOf.argChoices?.map((word) => ({ word })) ?? (await dynamic(kindOfOption(valueOf))),
      current,
    );
  if (current.startsWith('-'))
    return fitting(
      optionsOf(command).flatMap(({ long, description, hidden }) =>
        hidden || long === undefined ? [] : [{ word: long, about: description }],
      ),
      current,
    );
  if (operands === 0 && command.commands.length > 0)
    return fitting(
      command.commands
        .filter((each) => !isHidden(each))
        .map((each) => ({ word: each.name(), about: each.summary() || each.description() })),
      current,
    );
  const args = command.registeredArguments;
  const argument: Argument | undefined =
    args[operands] ?? (args.at(-1)?.variadic === true ? args.at(-1) : undefined);
  if (argument === undefined) return [];
  return fitting(
    argument.argChoices?.map((word) => ({ word })) ?? (await dynamic(kindOfArgument(command, argument))),
    current,
  );
}

const fitting = (all: readonly Candidate[], current: string): Candidate[] =>
  all.filter(({ word }) => word.startsWith(current));

/** A command accepts its own options and those of every command above it. */
function optionsOf(command: Command): Option[] {
  return [...command.options, ...(command.parent === null ? [] : optionsOf(command.parent))];
}
const takesValue = (option: Option): boolean => option.required || option.optional;
const isHidden = (command: Command): boolean => command.name().startsWith('__');

const kindOfOption = ({ long }: Option): string =>
  ({
    '--export': 'exports',
    '--file': 'files',
    '--session': 'sessions',
    '--stack': 'stacks',
    '--region': 'regions',
    '--node': 'nodes',
    '--by': 'items',
    '--on-break': 'signals',
  })[long ?? ''] ?? 'nothing';

const items = ['stacks', 'exports', 'nodes', 'regions'];

function kindOfArgument(command: Command, argument: Argument): string {
  const name = argument.name();
  if (name === 'name')
    return items.includes(command.parent?.name() ?? '') ? (command.parent?.name() ?? '') : 'nothing';
  return (
    {
      file: 'files',
      'id|file': 'ids and files',
      id: 'ids',
      what: 'anything',
      item: 'items',
      operation: 'operations',
      session: 'sessions',
    }[name] ?? 'nothing'
  );
}

/** The names that exist now; none if the service does not answer in time. */
async function live({ api }: Context, kind: string, current: string): Promise<Candidate[]> {
  const signal = AbortSignal.timeout(limitMs);
  const names = async (list: string): Promise<string[]> => {
    const body = await api.get<Record<string, { name: string }[]>>(pathOf(list), { signal });
    return (body[list] ?? []).map(({ name }) => name);
  };
  const locks = async (query: object): Promise<Lock[]> =>
    (await api.get<{ locks: Lock[] }>('/v1/locks', { query: { limit: namesMax, ...query }, signal })).locks;
  const ids = async (): Promise<Candidate[]> =>
    (await locks({})).map(({ id, kind: of, type, export: exportName, file }) => ({
      word: id,
      about: `${of} ${type} ${exportName}:${file}`,
    }));
  const files = async (): Promise<Candidate[]> => {
    const [exportName, path] = current.split(':', 2);
    if (path === undefined) return (await names('exports')).map((name) => ({ word: `${name}:` }));
    const held = await locks({ export: exportName });
    return [...new Set(held.map(({ file }) => `${exportName ?? ''}:${file}`))].map((word) => ({ word }));
  };
  const itemNames = async (): Promise<Candidate[]> => {
    const [list, name] = current.split('/', 2);
    if (name === undefined || list === undefined) return items.map((each) => ({ word: `${each}/` }));
    return items.includes(list) ? (await names(list)).map((each) => ({ word: `${list}/${each}` })) : [];
  };
  const several = async (...sources: (() => Promise<Candidate[]>)[]): Promise<Candidate[]> =>
    (await Promise.all(sources.map((source) => source().catch(() => [])))).flat();
  try {
    switch (kind) {
      case 'files':
        return await files();
      case 'ids':
        return await ids();
      case 'ids and files':
        return await several(ids, files);
      case 'items':
        return await itemNames();
      case 'anything':
        return await several(ids, files, itemNames);
      case 'sessions': {
        const body = await api.get<{ sessions: { sessionId: string; label?: string }[] }>('/v1/sessions', {
          query: { limit: namesMax },
          signal,
        });
        return body.sessions.map(({ sessionId, label }) => ({ word: sessionId, about: label }));
      }
      case 'operations': {
        const body = await api.get<{ operations: { operationId: string; kind: string; state: string }[] }>(
          '/v1/operations',
          { signal },
        );
        return body.operations.map(({ operationId, kind: of, state }) => ({
          word: operationId,
          about: `${of} ${state}`,
        }));
      }
      case 'signals':
        return ['term', 'int', 'hup', 'usr1', 'usr2', 'kill'].map((word) => ({ word }));
      case 'nothing':
        return [];
      default:
        return (await names(kind)).map((word) => ({ word }));
    }
  } catch {
    return [];
  }
}

/** A line for each candidate: the word and, after a tab, its description. */
export const candidatesText = (found: readonly Candidate[]): string =>
  found
    // Leave out names with control characters.
    .filter(({ word }) => printable(word) === word)
    .map(({ word, about }) => (about === undefined || about === '' ? word : `${word}\t${printable(about)}`))
    .map((line) => `${line}\n`)
    .join('');

/** The completion scripts: `eval "$(leasectl completion bash)"`. */
export const scripts: Record<'bash' | 'zsh' | 'fish', string> = {
  bash: `# bash completion of leasectl:  eval "$(leasectl completion bash)"
_leasectl() {
  local word words=() cur rest line i
  # Bash splits words at colons and equal signs, but a file is EXPORT:PATH.
  rest=\${COMP_LINE:0:COMP_POINT}
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((i > 0)) && [[ $rest != [[:space:]]* ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    rest=\${rest#"\${rest%%[![:space:]]*}"}
    rest=\${rest#"$word"}
  done
  cur=\${words[\${#words[@]}-1]}
  COMPREPLY=()
  while IFS= read -r line; do
    word=\${line%%$'\\t'*}
    # Bash replaces only the part after the last separator.
    [[ $cur == *[:=]* ]] && word=\${word#"\${cur%"\${cur##*[:=]}"}"}
    printf -v word %q "$word"
    [[ $word == *[:/=] ]] && compopt -o nospace 2> /dev/null
    COMPREPLY+=("$word")
  done < <("\${words[0]}" __complete -- "\${words[@]:1}" 2> /dev/null)
}
complete -o default -o nosort -F _leasectl leasectl 2> /dev/null || complete -o default -F _leasectl leasectl
`,
  zsh: `#compdef leasectl
# zsh completion of leasectl:  eval "$(leasectl completion zsh)"
_leasectl() {
  local line word about
  local -a plain open plain_about open_about
  while IFS= read -r line; do
    word=\${line%%$'\\t'*}
    about=$word
    [[ $line == *$'\\t'* ]] && about="$word  -- \${line#*$'\\t'}"
    if [[ $word == *[:/=] ]]; then
      open+=("$word") open_about+=("$about")
    else
      plain+=("$word") plain_about+=("$about")
    fi
  done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)
  # No candidates: complete commands and files of this machine.
  (( $#plain + $#open )) || { _default; return }
  compadd -l -d plain_about -a plain
  compadd -S '' -d open_about -a open
}
compdef _leasectl leasectl
`,
  fish: `# fish completion of leasectl:  leasectl completion fish | source
function __leasectl_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete -- $words[2..-1] 2>/dev/null
end
complete -c leasectl -f -a '(__leasectl_complete)'
`,
};
