import { randomUUID } from 'node:crypto';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { configuration, dlmFlag, limits, lockMode, type LockMode, lockQuery } from '#contracts';
import { candidates, candidatesText, scripts } from './completion';
import { Context, type GlobalOptions, secretIn } from './context';
import {
  cancelRequest,
  convertLock,
  type Credentials,
  type DlmOptions,
  listConnections,
  lockFor,
  lockHere,
  type LockOptions as DlmLockOptions,
  resourceRef,
  showResource,
  unlock,
} from './dlm';
import { exitCodes, exitOf, Failure, tellFailure } from './failure';
import { follow } from './follow';
import { hold, type HoldOptions, signalOf } from './hold';
import { idIn, isIdText } from './ids';
import {
  beat,
  createItem,
  deadlineMsMax,
  listDependents,
  listItems,
  listOperations,
  operationPaths,
  type OperationOptions,
  pinItem,
  removeItem,
  resumeExport,
  setGrace,
  setItem,
  showItem,
  startOperation,
  treeOfItems,
  unpin,
  waitForOperation,
  watchNodes,
} from './items';
import {
  breakLease,
  lockFilter,
  type LockOptions,
  ls,
  release,
  endSessions,
  sessions,
  subjects,
  show,
  status,
  treeOfLocks,
  why,
} from './locks';
import { probe } from './probe';
import { watch, watched, type Watched } from './watch';
import { fileRef, itemRef, type NamesRef, namesRef, rangeRef, spanWithin, wholeWithin } from './words';

/** The whole command line: the commands, their arguments and options, and the functions that implement them. */

type ItemKind = configuration.ItemKind;

const description = [
  'The command line of Leasehold: see what is held and who waits for whom, take leases, break and release them by force,',
  'and change the configuration of the cluster. Write a file as EXPORT:PATH, as in demo:story.txt; an item of the',
  'configuration as KIND/NAME, as in exports/demo; a time in seconds, or as 500ms, 2m, 1h.',
].join(' ');

const environmentText = `
Environment:
  LEASEHOLD_API               address of the lease API, same as --api
  LEASEHOLD_TOKEN             the token that is sent with every request
  LEASEHOLD_TOKEN_FILE        same as --token-file
  LEASEHOLD_TOKEN_COMMAND     same as --token-command
  LEASEHOLD_ADMIN_TOKEN       same as --admin-token, but not visible in ps
  LEASEHOLD_ADMIN_TOKEN_FILE  same as --admin-token-file
  LEASEHOLD_CA, LEASEHOLD_CERT, LEASEHOLD_KEY
                              same as --ca, --cert, --key
  LEASEHOLD_SESSION_SECRET    secret of the session, for pin --session
  NO_COLOR                    no colors

More: leasectl help COMMAND, leasectl help exit-codes`;

/** The words that a zod enum, or a union of enums, allows. */
function wordsOf(schema: z.ZodType): string[] {
  const text = (value: unknown): value is string => typeof value === 'string' && value !== '';
  if ('options' in schema && Array.isArray(schema.options))
    return schema.options.flatMap((each: unknown) => (text(each) ? [each] : wordsOf(each as z.ZodType)));
  return [];
}
const { state, kind, type } = lockQuery.shape;
const words = {
  states: [...new Set(wordsOf(state.unwrap()))],
  kinds: wordsOf(kind.unwrap()),
  types: wordsOf(type.unwrap()),
};

/** An option that sets a field of an item. */
type FieldOption = [
  flags: string,
  about: string,
  field: string,
  parse?: (text: string) => unknown,
  choices?: readonly string[],
];
const breakSpan = spanWithin(0, 3_600_000);
const fieldOptions: Record<ItemKind, FieldOption[]> = {
  stacks: [
    ['--description <text>', 'a description', 'description'],
    ['--on-demand <prefix>', 'create exports with this name prefix at first use', 'onDemand.prefix'],
    [
      '--on-demand-policy <policy>',
      'policy of those exports while no adapter serves them',
      'onDemand.policy',
      undefined,
      configuration.policy.options,
    ],
  ],
  exports: [
    ['--stack <name>', 'the stack whose adapters serve it', 'stack'],
    [
      '--policy <policy>',
      'what happens to requests while no adapter serves it',
      'policy',
      undefined,
      configuration.policy.options,
    ],
    ['--region <name>', 'only sessions on live nodes of this region may use it', 'region'],
    [
      '--break <time>',
      'how long a holder may take to answer a break; 0 means no limit',
      'breakMs',
      breakSpan,
    ],
    [
      '--lock-delay <time>',
      'how long a file stays closed after its holder expired',
      'lockDelayMs',
      breakSpan,
    ],
    [
      '--max-hold <time>',
      'the longest that a lease or a permit may be held',
      'maxHoldMs',
      spanWithin(1, limits.holdMsMax),
    ],
    ['--directories <yes|no>', 'whether directories may be delegated', 'directories', yesOrNo, ['yes', 'no']],
    ['--ranges <where>', 'where range locks are held', 'ranges', undefined, configuration.rangesIn.options],
  ],
  nodes: [
    ['--region <name>', 'the region it belongs to', 'region'],
    ['--description <text>', 'a description', 'description'],
  ],
  regions: [
    ['--beat <time>', 'how often its nodes send heartbeats', 'beatMs', spanWithin(100, 60_000)],
    ['--dead <time>', 'silence after which a node is dead', 'deadMs', spanWithin(500, 600_000)],
    [
      '--ack <time>',
      'how long the subscribers of one priority may take to acknowledge',
      'ackMs',
      spanWithin(0, 60_000),
    ],
  ],
};
const needed: Record<ItemKind, string[]> = {
  stacks: [],
  exports: ['stack'],
  nodes: ['region'],
  regions: [],
};
const aboutKinds: Record<ItemKind, string> = {
  stacks: 'Kinds of fileservers, their adapters and protocols',
  exports: 'Trees of files, each served through one stack',
  nodes: 'Machines that send heartbeats in a region',
  regions: 'Regions: how often nodes send heartbeats, and when they are dead',
};

function yesOrNo(text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw new InvalidArgumentError('must be yes or no.');
  return text === 'yes';
}

/** The fields of an item that these options set: `onDemand.prefix` is a member of a member. */
function fieldsFrom(of: ItemKind, options: Record<string, unknown>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [flags, , field] of fieldOptions[of]) {
    const value = options[new Option(flags).attributeName()];
    if (value === undefined) continue;
    const [outer = '', inner] = field.split('.');
    fields[outer] =
      inner === undefined ? value : { ...(fields[outer] as object | undefined), [inner]: value };
  }
  return fields;
}

/** The options that set a whole optional field of an item, and that field. */
const unsettable = (of: ItemKind): Map<string, string> =>
  new Map(
    fieldOptions[of]
      .filter(([, , field]) => !needed[of].includes(field) && field !== 'onDemand.policy')
      .map(([flags, , field]) => [new Option(flags).name(), field.split('.')[0] ?? '']),
  );

const tokenOptions = ['tokenFile', 'tokenCommand', 'adminToken', 'adminTokenFile'] as const;

/** The ways to give a token. Those on the command line replace those of the environment. */
function oneToken(program: Command, options: GlobalOptions): GlobalOptions {
  const isTyped = tokenOptions.some((name) => program.getOptionValueSource(name) === 'cli');
  if (!isTyped) return { ...options, token: process.env['LEASEHOLD_TOKEN'] };
  const typed = tokenOptions.filter((name) => program.getOptionValueSource(name) === 'env');
  return { ...options, ...Object.fromEntries(typed.map((name) => [name, undefined])) };
}

/** A whole id, or a part of one that the command completes. */
const idText = (text: string): string => {
  if (!isIdText(text)) throw new InvalidArgumentError('must be an id, or its first or last few characters.');
  return text;
};

/** The same options with the whole id of the session. */
async function withSession<O extends { session?: string }>(context: Context, options: O): Promise<O> {
  const { session } = options;
  return session === undefined ? options : { ...options, session: await idIn(context, session, 'sessions') };
}

/** The program; `end` receives the exit code of the command. */
export function makeProgram(version: string, end: (exit: number) => void): Command {
  const program = new Command('leasectl');
  program
    .description(description)
    .version(`leasectl ${version}`, '--version', 'print the version')
    .addOption(
      new Option('--api <url>', 'address of the lease API')
        .env('LEASEHOLD_API')
        .default('http://127.0.0.1:8080'),
    )
    .addOption(
      new Option(
        '--token-file <file>',
        'a file whose first line is the token; read again when it is refused',
      ).env('LEASEHOLD_TOKEN_FILE'),
    )
    .addOption(
      new Option(
        '--token-command <command>',
        'a command that prints the token; run again when it is refused',
      ).env('LEASEHOLD_TOKEN_COMMAND'),
    )
    .addOption(
      new Option('--admin-token <token>', 'the admin token; other users can see it in ps').env(
        'LEASEHOLD_ADMIN_TOKEN',
      ),
    )
    .addOption(
      new Option('--admin-token-file <file>', 'a file whose first line is the admin token').env(
        'LEASEHOLD_ADMIN_TOKEN_FILE',
      ),
    )
    .addOption(
      new Option('--ca <file>', 'the authorities that sign the certificate of the lease API').env(
        'LEASEHOLD_CA',
      ),
    )
    .addOption(new Option('--cert <file>', 'the client certificate to show').env('LEASEHOLD_CERT'))
    .addOption(new Option('--key <file>', 'the key of the client certificate').env('LEASEHOLD_KEY'))
    .option('--json', 'for programs: one JSON value per line, with times as in the API')
    .option('--no-headers', 'print tables without the header line')
    .option('-q, --quiet', 'print only ids or names, and errors')
    .addOption(
      new Option('--timeout <time>', 'how long the lease API may take to answer')
        .argParser(spanWithin(1, 600_000))
        .default(15_000, '15 s'),
    )
    .helpOption('-h, --help', 'print this help, or the help of a command')
    .helpCommand(false)
    .addHelpText('after', environmentText)
    .showHelpAfterError('See: leasectl help')
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error: /, 'leasectl: '));
      },
    })
    .exitOverride();

  /** Runs a command in its context. */
  const does: Does =
    (work) =>
    async (...given: unknown[]): Promise<void> => {
      const command = given.at(-1) as Command;
      const options = program.opts<GlobalOptions>();
      const context = new Context(oneToken(program, options));
      const failed = (error: unknown): number => tellFailure(context.out, error);
      try {
        const exit = await work(context, command.args, command.opts(), failed);
        end(typeof exit === 'number' ? exit : exitOf('ok'));
      } catch (error) {
        end(failed(error));
      } finally {
        context.out.clearProgress();
      }
    };

  const filters = (command: Command): Command =>
    command
      .option('--export <name>', 'only this export')
      .option('--file <file>', 'only this file, EXPORT:PATH', fileRef)
      .option('--session <id>', 'only this session', idText)
      .addOption(new Option('--state <state>', 'only this state').choices(words.states))
      .addOption(
        new Option('--type <type>', 'only this lease type, access or kind of change').choices(words.types),
      )
      .addOption(
        new Option('--kind <kind>', 'only this kind: leases, delegations, opens, …').choices(words.kinds),
      );
  const names = ([given]: readonly string[]): NamesRef | undefined =>
    given === undefined ? undefined : namesRef(given);

  program.commandsGroup('What is held:');
  filters(
    program.command('ls').description('List leases, delegations, opens, range locks and waiting requests.'),
  )
    .argument('[file]', 'only this file, EXPORT:PATH; or names that begin so, EXPORT:PATH/ or EXPORT:')
    .option('--proc', 'print the format of /proc/locks')
    .option('--wide', 'also print sessions, owners, tokens and inodes')
    .option('-a, --all', 'also list leases that were released or revoked recently')
    .action(
      does(async (context, args, options: LockOptions & { proc?: boolean; wide?: boolean; all?: boolean }) =>
        ls(context, names(args), await withSession(context, options)),
      ),
    );
  filters(
    program
      .command('tree')
      .description('Show what is held, with its waiters below; or the configuration: leasectl tree config.'),
  )
    .argument('[file]', 'only this file, EXPORT:PATH; names that begin so, EXPORT:PATH/; or config')
    .action(
      does(async (context, args, options: LockOptions) => {
        if (args[0] !== 'config')
          return treeOfLocks(context, lockFilter(names(args), await withSession(context, options)));
        if (Object.keys(options).length > 0)
          throw new Failure('usage', 'Filters apply to locks, not to config.');
        return treeOfItems(context);
      }),
    );
  program
    .command('show')
    .description('Show everything about a file, a lock, a session, an item, a pin or an operation.')
    .argument('<what>', 'EXPORT:PATH, an id, KIND/NAME, or the name of an export')
    .action(does((context, [what = '']) => show(context, what)));
  program
    .command('why')
    .description(
      'Show who holds a file, who waits for whom, and the deadlines of running breaks; exit code 1 if somebody is blocked.',
    )
    .argument('<file>', 'EXPORT:PATH')
    .action(does((context, [what = '']) => why(context, fileRef(what))));
  filters(
    program
      .command('watch')
      .description('Print a line for everything that appears, changes or disappears, until Ctrl-C.'),
  )
    .addArgument(new Argument('[list]', 'what to watch').choices(watched).default('locks'))
    .addOption(
      new Option('--interval <time>', 'time between two reads of the list')
        .argParser(spanWithin(100, 3_600_000))
        .default(1_000, '1 s'),
    )
    .option('--no-existing', 'only print changes from now on')
    .action(
      does(async (context, args, options: LockOptions & { interval: number; existing: boolean }) =>
        watch(context, (args[0] ?? 'locks') as Watched, undefined, await withSession(context, options)),
      ),
    );
  program
    .command('follow')
    .description(
      'Print a line for whatever happens under the names that begin so, as it happens, until Ctrl-C.',
    )
    .argument('<prefix>', 'EXPORT:PREFIX, or EXPORT for all its names')
    .action(does((context, [name = '']) => follow(context, name)));
  addSessions(program, does);
  addSubjects(program, does);
  program
    .command('status')
    .description('Show whether the service is ready, and its exports.')
    .action(does((context) => status(context)));

  program.commandsGroup('Leases:');
  program
    .command('hold')
    .description(
      'Take a lease, leases and locked ranges of several files, or a permit of a semaphore, run a command under it, and release it when the command ends.',
    )
    .usage('[options] <file...> -- <command...>')
    .argument('<file>', 'EXPORT:PATH; several are taken all or none')
    .argument('[command...]', 'the command to run; its environment has LEASEHOLD_FENCING_TOKEN and more')
    .addOption(new Option('--type <type>', 'type of the lease').choices(['read', 'write']).default('write'))
    .addOption(
      new Option('--limit <n>', 'a permit instead: at most so many hold EXPORT:NAME at a time')
        .argParser(wholeWithin(1, limits.permitsMax))
        .conflicts('type'),
    )
    .addOption(
      new Option(
        '--range <range>',
        'lock bytes as well, EXPORT:PATH@FIRST-LAST, all or none with the leases; may be repeated',
      )
        .argParser((text, before: HoldOptions['range']) => [...(before ?? []), rangeRef(text)])
        .conflicts('limit'),
    )
    .addOption(
      new Option('--wait <time>', 'how long to wait in the queue')
        .argParser(spanWithin(0, limits.queuedMsMax))
        .default(0, 'not at all'),
    )
    .option(
      '--max-hold <time>',
      'how long it may be held at most; then it is lost, and the command is ended',
      spanWithin(1, limits.holdMsMax),
    )
    .addOption(
      new Option('--on-break <signal>', 'signal that the command gets when somebody else needs the file')
        .argParser((text): NodeJS.Signals => {
          const signal = signalOf(text);
          if (signal === undefined)
            throw new InvalidArgumentError('must be a signal, as in term, usr1 or kill.');
          return signal;
        })
        .default('SIGTERM', 'term'),
    )
    .option(
      '--kill-after <time>',
      'how long after that to kill the command, if the break allows that much',
      spanWithin(0, 3_600_000),
    )
    .addOption(ttlOption('the lease ends if the service does not hear from this program for this long'))
    .option('--node <name>', 'the node on which this runs, for exports that require a region')
    .action(
      does((context, args, options: HoldOptions, failed) => {
        // Commander does not say where `--` was: what follows it is the command, word for word.
        const { rawArgs } = program as unknown as { rawArgs: readonly string[] };
        const at = rawArgs.indexOf('--');
        const least = options.range === undefined || at < 0 ? 1 : 0;
        const names = at < 0 ? 1 : Math.max(least, args.length - (rawArgs.length - at - 1));
        if (names > 1 && options.limit !== undefined)
          throw new Failure('usage', 'A permit is of one semaphore: --limit takes one name.');
        const refs = args.slice(0, names).map(fileRef);
        if (names === args.length) throw new Failure('usage', 'There is no command to run: put it after --.');
        return hold(context, refs, args.slice(names), options, failed);
      }),
    );
  program
    .command('break')
    .description('Ask the holders of a file to release it, as a conflicting open does.')
    .argument('<id|file>', 'id of a lease, or EXPORT:PATH')
    .addOption(
      new Option('--target <type>', 'the most that they may keep').choices(['none', 'read']).default('none'),
    )
    .option('--wait <time>', 'wait until they have, at most this long', spanWithin(0, deadlineMsMax))
    .action(
      does((context, [what = ''], options: { target?: string; wait?: number }) =>
        breakLease(context, what, options),
      ),
    );
  program
    .command('release')
    .description('Release leases, opens and locks by force, or cancel waiting requests.')
    .argument('<id...>', 'ids, as in leasectl ls')
    .option('--unfenced', 'do not wait for a fileserver that can no longer answer')
    .action(
      does((context, ids, options: { unfenced?: boolean }, failed) => release(context, ids, options, failed)),
    );

  program.commandsGroup('Locks in modes:');
  addDlm(program, does);

  program.commandsGroup('Configuration:');
  for (const of of configuration.itemKind.options) addItems(program, of, does);
  program
    .command('pin')
    .description('Declare that a session, or another item, depends on an item.')
    .argument('<item>', 'KIND/NAME')
    .option('--by <item>', 'the item that depends on it, KIND/NAME', itemRef)
    .option('--session <id>', 'the session that depends on it', idText)
    .option('--session-secret-file <file>', 'a file whose first line is the secret of that session')
    .option('--because <text>', 'why')
    .action(
      does(async (context, [item = ''], options: PinOptions) => {
        const { by, session, sessionSecretFile, because } = options;
        const on = itemRef(item);
        if (by !== undefined && session === undefined) return pinItem(context, on, { item: by }, because);
        if (by !== undefined || session === undefined)
          throw new Failure('usage', 'Who depends on it? Give either --by KIND/NAME or --session ID.');
        const secret = pinSecret(sessionSecretFile);
        if (secret === undefined)
          throw new Failure(
            'usage',
            'The secret of the session is required: LEASEHOLD_SESSION_SECRET, or --session-secret-file FILE.',
          );
        const sessionId = await idIn(context, session, 'sessions');
        return pinItem(context, on, { sessionId, secret }, because);
      }),
    );
  program
    .command('unpin')
    .description('Remove a pin.')
    .argument('<pin>', 'its id, or the first or last few characters of it')
    .option('--session-secret-file <file>', 'a file whose first line is the secret of its session')
    .action(
      does(async (context, [id = ''], options: PinOptions) =>
        unpin(context, await idIn(context, id, 'pins'), pinSecret(options.sessionSecretFile)),
      ),
    );
  addOperations(program, does);

  program.commandsGroup('This program:');
  program
    .command('completion')
    .description('Print a completion script for a shell.')
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      '\n  bash  eval "$(leasectl completion bash)"\n  zsh   eval "$(leasectl completion zsh)"\n  fish  leasectl completion fish | source',
    )
    .action(does(({ out }, [shell = 'bash']) => out.text(scripts[shell as keyof typeof scripts])));
  program
    .command('help')
    .description('Print the help of a command; exit codes: leasectl help exit-codes.')
    .argument('[command...]')
    .action((given: string[]) => {
      help(program, given);
      end(exitOf('ok'));
    });
  program
    .command('__complete', { hidden: true })
    .argument('[word...]')
    .action(async (given: string[]) => {
      const found = await candidates(program, given, (before) => new Context(optionsIn(program, before)));
      process.stdout.write(candidatesText(found));
      end(exitOf('ok'));
    });
  for (const command of everyCommand(program))
    command.exitOverride().showHelpAfterError(`See: ${helpFor(command)}`);
  return program;
}

/** The secret of a session, from a file or the environment. */
const pinSecret = (path: string | undefined): string | undefined =>
  path === undefined ? process.env['LEASEHOLD_SESSION_SECRET'] : secretIn(path, '--session-secret-file');

const ttlOption = (about: string): Option =>
  new Option('--ttl <time>', about)
    .argParser(spanWithin(limits.ttlMsMin, limits.ttlMsMax))
    .default(30_000, '30 s');

interface PinOptions {
  by?: { kind: ItemKind; name: string };
  session?: string;
  sessionSecretFile?: string;
  because?: string;
}

/** A command's implementation. If it returns a number, that is the exit code. It is a method so that each can declare its own options. */
interface Work {
  run(
    context: Context,
    args: string[],
    options: object,
    failed: (error: unknown) => number,
  ): Promise<unknown>;
}
type Does = (work: Work['run']) => (...given: unknown[]) => Promise<void>;

/** `exports ls`, `exports create NAME` and so on; `exports` alone lists. */
function addItems(program: Command, of: ItemKind, does: Does): void {
  const noun = program.command(of).description(`${aboutKinds[of]}.`);
  const ref = ([name = '']: readonly string[]): ReturnType<typeof itemRef> => itemRef(`${of}/${name}`);
  const one = of.replace(/s$/, '');
  noun
    .command('ls', { isDefault: true })
    .description(`List ${of}.`)
    .action(does((context) => listItems(context, of)));
  noun
    .command('show')
    .description(`Show everything about one ${one}.`)
    .argument('<name>')
    .action(does((context, args) => showItem(context, ref(args))));
  const withFields = (command: Command, mandatory: readonly string[]): Command => {
    for (const [flags, about, field, parse, choices] of fieldOptions[of]) {
      const option = new Option(flags, about).makeOptionMandatory(mandatory.includes(field));
      if (choices !== undefined) option.choices(choices);
      if (parse !== undefined) option.argParser(parse);
      // Help and completion show the choices even if a parser converts them.
      if (choices !== undefined && parse !== undefined) option.argChoices = [...choices];
      command.addOption(option);
    }
    return command;
  };
  withFields(
    noun
      .command('create')
      .description(`Create ${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}.`)
      .argument('<name>'),
    needed[of],
  ).action(
    does((context, args, options: Record<string, unknown>) =>
      createItem(context, ref(args), fieldsFrom(of, options)),
    ),
  );
  withFields(
    noun.command('set').description('Change the given fields, and keep the rest.').argument('<name>'),
    [],
  )
    .addOption(
      new Option('--unset <option...>', 'restore the default of the service').choices([
        ...unsettable(of).keys(),
      ]),
    )
    .option(
      '--if-version <version>',
      'only if the item still has this version',
      wholeWithin(0, Number.MAX_SAFE_INTEGER),
    )
    .action(
      does((context, args, options: Record<string, unknown> & { unset?: string[]; ifVersion?: number }) =>
        setItem(context, ref(args), fieldsFrom(of, options), {
          unset: options.unset?.map((name) => unsettable(of).get(name) ?? name),
          ifVersion: options.ifVersion,
        }),
      ),
    );
  forOperations(
    noun
      .command('rm')
      .description('Remove it; EBUSY if something depends on it.')
      .argument('<name>')
      .option('--force', 'first remove what depends on it, in order'),
  ).action(
    does((context, args, options: OperationOptions & { force?: boolean }) =>
      removeItem(context, ref(args), options),
    ),
  );
  noun
    .command('dependents')
    .description('List what depends on it.')
    .argument('<name>')
    .action(does((context, args) => listDependents(context, ref(args))));
  if (of === 'exports') {
    forOperations(
      noun
        .command('hangup')
        .description('Stop serving it in order: refuse new requests, break the leases, release everything.')
        .argument('<name>'),
    ).action(
      does((context, args, options: OperationOptions) =>
        startOperation(context, operationPaths.hangup(ref(args).name), options),
      ),
    );
    noun
      .command('grace')
      .description(
        'Let those who hold something there reclaim it, and nobody else get anything, until they are done.',
      )
      .argument('<name>')
      .addOption(
        new Option('--for <time>', 'how long at most; 0 ends it')
          .argParser(spanWithin(0, 600_000))
          .default(60_000, '60 s'),
      )
      .action(
        does((context, args, options: { for: number }) => setGrace(context, ref(args).name, options.for)),
      );
    noun
      .command('resume')
      .description('Serve it again after a hangup.')
      .argument('<name>')
      .action(does((context, args) => resumeExport(context, ref(args).name)));
    noun
      .command('probe')
      .description(
        'Take a read and a write lease on a file of it and give them back: whether its fileserver really grants them; exit code 1 if not.',
      )
      .argument('<name>')
      .argument('<file>', 'a file in it that nobody uses at the moment')
      .action(does((context, args) => probe(context, fileRef(`${ref(args).name}:${args[1] ?? ''}`))));
  }
  if (of === 'stacks')
    forOperations(
      noun
        .command('stop-adapter')
        .description('Stop one of its adapters in order.')
        .argument('<name>')
        .argument('<incarnation>', 'as in leasectl stacks show'),
    ).action(
      does((context, args, options: OperationOptions) =>
        startOperation(context, operationPaths.stop(ref(args).name, args[1] ?? ''), options),
      ),
    );
  if (of === 'regions')
    noun
      .command('watch')
      .description('Report its nodes as they come up or die, as a subscriber, until Ctrl-C.')
      .argument('<name>')
      .addOption(
        new Option('--priority <number>', 'lower numbers are told first')
          .argParser(wholeWithin(0, 1_000))
          .default(100),
      )
      .addOption(ttlOption('after this silence, the next subscribers no longer wait for this program'))
      .action(
        does((context, args, options: { priority: number; ttl: number }) =>
          watchNodes(context, ref(args).name, options),
        ),
      );
  if (of === 'nodes')
    noun
      .command('beat')
      .description('Send heartbeats for it until Ctrl-C.')
      .argument('<name>')
      .option(
        '--incarnation <text>',
        'incarnation of the node; a new one ends the sessions of the previous one (default: a new one)',
      )
      .option('--once', 'send only one heartbeat')
      .action(
        does(
          (context, args, { incarnation = randomUUID(), once }: { incarnation?: string; once?: boolean }) =>
            beat(context, ref(args).name, { incarnation, once }),
        ),
      );
}

const forOperations = (command: Command): Command =>
  command
    .option('--deadline <time>', 'after this time, revoke what is still held', spanWithin(0, deadlineMsMax))
    .option('--no-wait', 'do not wait until it is done');

interface SessionGiven {
  session?: string;
  sessionSecretFile?: string;
}

/** `dlm lock DOMAIN:NAME MODE` and so on; `dlm` alone lists. */
function addDlm(program: Command, does: Does): void {
  const noun = program
    .command('dlm')
    .description('Locks in six modes on resources: take, convert, cancel, unlock and show them.');
  const given = async (
    context: Context,
    { session, sessionSecretFile }: SessionGiven,
  ): Promise<Credentials> => {
    const secret = pinSecret(sessionSecretFile);
    if (session === undefined || secret === undefined)
      throw new Failure(
        'usage',
        'Whose lock is it? Give --session ID, and its secret in LEASEHOLD_SESSION_SECRET or --session-secret-file FILE.',
      );
    return { sessionId: await idIn(context, session, 'sessions'), secret };
  };
  const ofSession = (command: Command): Command =>
    command
      .option('--session <id>', 'the session that has it', idText)
      .option('--session-secret-file <file>', 'a file whose first line is the secret of that session');
  const asking = (command: Command): Command =>
    ofSession(command)
      .addArgument(new Argument('<mode>').choices(lockMode.options))
      .addOption(
        new Option('--flag <flag...>', 'flags of the request, as in docs/dlm.md').choices(dlmFlag.options),
      )
      .addOption(
        new Option('--wait <time>', 'how long to wait for the grant')
          .argParser(spanWithin(0, limits.waitMsMax))
          .default(0, 'not at all'),
      );
  noun
    .command('ls', { isDefault: true })
    .description('List locks in modes, and requests for them.')
    .argument('[domain]', 'only this lock domain, which is an export')
    .action(does((context, [domain]) => ls(context, undefined, { kind: 'dlm', export: domain })));
  noun
    .command('show')
    .description('Show a resource: its queues, its value block, and everything known of its locks.')
    .argument('<what>', 'DOMAIN:NAME, or the id of a lock')
    .action(does((context, [what = '']) => showResource(context, what)));
  noun
    .command('connections')
    .description('List the connections to a lock domain: what was agreed, and their nodes.')
    .argument('<domain>', 'an export')
    .action(does((context, [domain = '']) => listConnections(context, domain)));
  asking(
    noun
      .command('lock')
      .description('Take a lock; without --session, hold it until Ctrl-C.')
      .argument('<resource>', 'DOMAIN:NAME'),
  )
    .option('--owner <text>', 'who has it within the session')
    .addOption(ttlOption('the lock ends if the service does not hear from this program for this long'))
    .action(
      does(async (context, [what = '', mode], options: DlmLockOptions & SessionGiven) =>
        options.session === undefined
          ? lockHere(context, resourceRef(what), mode as LockMode, options)
          : lockFor(context, resourceRef(what), mode as LockMode, options, await given(context, options)),
      ),
    );
  asking(
    noun
      .command('convert')
      .description('Convert a lock to another mode.')
      .argument('<lock>', 'its id', idText),
  )
    .option('--lvb <text>', 'the value block to write, on the way down from PW or EX')
    .action(
      does(async (context, [id = '', mode], options: DlmOptions & SessionGiven) => {
        const by = await given(context, options);
        return convertLock(context, await idIn(context, id, 'locks'), mode as LockMode, options, by);
      }),
    );
  ofSession(noun.command('unlock').description('Unlock a lock.').argument('<lock>', 'its id', idText))
    .option('--lvb <text>', 'the value block to write, from PW or EX')
    .option('--invalid', 'declare the value block invalid')
    .action(
      does(async (context, [id = ''], options: { lvb?: string; invalid?: boolean } & SessionGiven) => {
        const by = await given(context, options);
        return unlock(context, await idIn(context, id, 'locks'), options, by);
      }),
    );
  ofSession(
    noun
      .command('cancel')
      .description('Cancel a request or a conversion; what is held stays.')
      .argument('<lock>', 'its id', idText),
  ).action(
    does(async (context, [id = ''], options: SessionGiven) => {
      const by = await given(context, options);
      return cancelRequest(context, await idIn(context, id, 'locks'), by);
    }),
  );
}

function addSessions(program: Command, does: Does): void {
  const noun = program.command('sessions').description('List sessions, or end them.');
  noun
    .command('ls', { isDefault: true })
    .description('List sessions that are not over.')
    .option('-a, --all', 'also list those that are over, last')
    .action(does((context, _args, options: { all?: boolean }) => sessions(context, options)));
  noun
    .command('end')
    .description('End sessions by force: what they hold is revoked, and waiting requests proceed.')
    .argument('<session...>', 'their ids')
    .option('--dry-run', 'only show what would be revoked, and who waits for it')
    .action(
      does((context, ids, options: { dryRun?: boolean }, failed) =>
        endSessions(context, ids, options, failed),
      ),
    );
}

function addSubjects(program: Command, does: Does): void {
  program
    .command('subjects')
    .description('List the subjects that have limits: what they use and may use.')
    .action(does((context) => subjects(context)));
}

function addOperations(program: Command, does: Does): void {
  const noun = program
    .command('operations')
    .description('Long-running operations: hangups, forced removals, stops.');
  noun
    .command('ls', { isDefault: true })
    .description('List operations.')
    .action(does((context) => listOperations(context)));
  noun
    .command('show')
    .description('Show the progress of one.')
    .argument('<operation>', 'its id')
    .action(does(async (context, [id = '']) => show(context, await idIn(context, id, 'operations'))));
  noun
    .command('wait')
    .description('Wait until one is done.')
    .argument('<operation>', 'its id')
    .action(
      does(async (context, [id = '']) => waitForOperation(context, await idIn(context, id, 'operations'))),
    );
}

// --- help

export function* everyCommand(of: Command): Generator<Command, void> {
  for (const command of of.commands) {
    yield command;
    yield* everyCommand(command);
  }
}

/** `exports create`, without the program's name. */
export function fullName(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${fullName(parent)} ${command.name()}` : command.name();
}
const helpFor = (command: Command): string => `leasectl help ${fullName(command)}`;

export function exitCodesText(): string {
  const lines = Object.values(exitCodes).map(([exit, about]) => `  ${String(exit).padStart(3)}  ${about}`);
  return `Exit codes of leasectl:\n${lines.join('\n')}\nOtherwise \`hold\` ends with the exit code of the command, or with 128 plus the number of the signal that ended it.\n`;
}

function help(program: Command, given: readonly string[]): void {
  if (given[0] === 'exit-codes') {
    process.stdout.write(exitCodesText());
    return;
  }
  let command = program;
  for (const word of given) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined)
      throw new Failure('usage', `There is no command "${given.join(' ')}".`, 'See: leasectl help');
    command = next;
  }
  command.outputHelp();
}

/** The global options in an incomplete command line. */
function optionsIn(program: Command, given: readonly string[]): GlobalOptions {
  const options = program.opts<GlobalOptions>();
  const valueOf = (long: string): string | undefined => {
    const at = given.findLastIndex((word) => word === long || word.startsWith(`${long}=`));
    const word = given[at];
    return word === undefined ? undefined : word === long ? given[at + 1] : word.slice(long.length + 1);
  };
  return {
    ...options,
    api: valueOf('--api') ?? options.api,
    tokenFile: valueOf('--token-file') ?? options.tokenFile,
    tokenCommand: valueOf('--token-command') ?? options.tokenCommand,
    adminToken: valueOf('--admin-token') ?? options.adminToken,
    adminTokenFile: valueOf('--admin-token-file') ?? options.adminTokenFile,
    ca: valueOf('--ca') ?? options.ca,
    cert: valueOf('--cert') ?? options.cert,
    key: valueOf('--key') ?? options.key,
  };
}
