import { register } from '../../../libs/locks/src/table/redis/lua/serve';
import { portRules } from '../port-rules';

register(portRules);
