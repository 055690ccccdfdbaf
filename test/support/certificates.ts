import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Authorities and certificates made by openssl, in a directory of their own. */
export class Certificates {
  readonly directory = mkdtempSync(join(tmpdir(), 'leasehold-tls-'));

  at(name: string): string {
    return join(this.directory, name);
  }

  authority(name: string): void {
    this.openssl(
      ...['req', '-x509', ...curve, '-days', '2'],
      ...['-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`],
    );
  }

  /**
   * A certificate of this authority, put in place as a mounted secret is.
   * @param expired its last second is long over
   */
  make(name: string, ca: string, commonName: string, altName: string, { expired = false } = {}): void {
    const fresh = `${name}.new`;
    this.openssl(
      ...['req', ...curve, '-subj', `/CN=${commonName}`],
      ...['-keyout', `${fresh}.key`, '-out', `${fresh}.csr`],
    );
    writeFileSync(this.at(`${fresh}.ext`), `subjectAltName=${altName}\n`);
    writeFileSync(this.at('ca.conf'), authorityConfig);
    writeFileSync(this.at('index'), '');
    this.openssl(
      ...[
        'ca',
        '-batch',
        '-config',
        'ca.conf',
        '-cert',
        `${ca}.pem`,
        '-keyfile',
        `${ca}.key`,
        '-rand_serial',
      ],
      ...['-startdate', '20200101000000Z'],
      ...['-enddate', expired ? '20200102000000Z' : '20990101000000Z', '-notext'],
      ...['-in', `${fresh}.csr`, '-extfile', `${fresh}.ext`, '-out', `${fresh}.pem`],
    );
    for (const end of ['key', 'pem']) renameSync(this.at(`${fresh}.${end}`), this.at(`${name}.${end}`));
  }

  /** The variables PREFIX_CERT and PREFIX_KEY of this certificate, and PREFIX_CA of that authority. */
  env(prefix: string, name: string, ca = 'ca'): Record<string, string> {
    return {
      [`${prefix}_CERT`]: this.at(`${name}.pem`),
      [`${prefix}_KEY`]: this.at(`${name}.key`),
      [`${prefix}_CA`]: this.at(`${ca}.pem`),
    };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.directory, stdio: 'pipe' });
  }
}

const authorityConfig = `
[ca]
default_ca = one
[one]
database = index
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;
