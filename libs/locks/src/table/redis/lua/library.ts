import { run } from '../../../core/verbs';
import { register } from './serve';

register(run);
