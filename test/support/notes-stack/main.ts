import 'reflect-metadata';
import { run } from '../../../apps/fileserver/src/program';
import { stacks } from '../../../apps/fileserver/src/stacks';
import { notes } from './stack';

run([...stacks, notes]);
