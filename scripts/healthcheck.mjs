/**
 * `node healthcheck.mjs`, in a container: ends with 0 if the program that runs there answers. A lease API must be ready, an
 * adapter must accept connections.
 */
import { readFileSync } from 'node:fs';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { connect } from 'node:net';

const withinMs = 3_000;
const { LEASEHOLD_HTTP = '127.0.0.1:8080', LEASEHOLD_HTTP_CERT: cert } = process.env;
const given = process.argv.slice(2);
/** The command line of the program. */
const words = given.length > 0 ? given : readFileSync('/proc/1/cmdline', 'utf8').split('\0');
const finish = (works) => process.exit(works ? 0 : 1);
setTimeout(finish, withinMs, false);

/** HOST:PORT, where a wildcard is reached by loopback. */
function placeOf(text) {
  const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(text) ?? [];
  const local = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  return { host: local[host] ?? host, port: Number(port) };
}

const listen = words[words.indexOf('--listen') + 1];
if (words.some((word) => word.endsWith('/fileserver/src/main.js')))
  connect(placeOf(listen))
    .on('connect', () => finish(true))
    .on('error', () => finish(false));
else {
  // The certificate names the service for others, not for this container.
  const options = { ...placeOf(LEASEHOLD_HTTP), path: '/readyz', rejectUnauthorized: false };
  (cert === undefined ? plain : secure)(options, ({ statusCode }) => finish(statusCode === 200))
    .on('error', () => finish(false))
    .end();
}
