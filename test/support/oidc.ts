import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';

/** An OpenID provider as far as the lease API and its callers see it: a JWKS at a URL, tokens, and an endpoint for them. */
export class Oidc {
  readonly issuer = 'https://id.example.org/realms/demo';
  readonly audience = 'leasehold';
  private readonly pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly server = createServer((request, response) => {
    if (request.url?.endsWith('/token') === true) {
      void this.token('ci', ['writers']).then((token) => {
        response.end(JSON.stringify({ access_token: token, token_type: 'Bearer' }));
      });
      return;
    }
    void exportJWK(this.pair.publicKey).then((key) => {
      response.end(JSON.stringify({ keys: [{ ...key, kid: 'now', use: 'sig', alg: 'RS256' }] }));
    });
  });

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get keys(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/certs`;
  }

  /** An access token in the form of Keycloak's. */
  token(sub: string, roles: readonly string[], more: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: this.issuer,
      aud: this.audience,
      sub,
      exp: now + 600,
      realm_access: { roles },
      ...more,
    };
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'now' }).sign(this.pair.privateKey);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
