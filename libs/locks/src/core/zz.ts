import { Redis } from 'ioredis'; import '../../../client/src/error'; export const a = Redis;
