import 'reflect-metadata';
import { run } from './program';
import { stacks } from './stacks';

run(stacks);
