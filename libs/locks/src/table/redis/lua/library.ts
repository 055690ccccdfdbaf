import { run } from '../../../core/run';
import { register } from './serve';

register(run);
