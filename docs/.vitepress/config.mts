import { existsSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';

/** The site is the repository's own pages: `npm run docs`. */

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Pages outside docs/, and their place in the site. */
const elsewhere: Record<string, string> = {
  'ARCHITECTURE.md': 'architecture.md',
  'CHANGELOG.md': 'changelog.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security.md',
  'packages/client/README.md': 'client.md',
  'test/README.md': 'tests.md',
};
const placeOf = (page: string): string | undefined =>
  elsewhere[page] ??
  (page.startsWith('docs/') ? page.slice('docs/'.length).replace(/README\.md$/, 'index.md') : undefined);

/** A link of a page, as it reads in the repository, in the site; what is no page becomes plain text. */
function linkOf(href: string, page: string): string | undefined {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  const [file = '', anchor] = href.split('#');
  let target = normalize(join(dirname(page), decodeURI(file))).replace(/\/$/, '');
  if (existsSync(join(root, target, 'README.md'))) target = join(target, 'README.md');
  const place = target.endsWith('.md') ? placeOf(target) : undefined;
  if (place === undefined) return undefined;
  return `/${place}${anchor === undefined ? '' : `#${anchor}`}`;
}

const page = (text: string, link: string) => ({ text, link });

export default defineConfig({
  title: 'Leasehold',
  description: 'Leases and locks for a cluster: you are told before someone else’s open conflicts.',
  srcDir: '..',
  srcExclude: [
    '**/node_modules/**',
    '.changeset/**',
    'README.md',
    'packages/{cli,leasehold}/**',
    'exports/**',
    'data/**',
  ],
  outDir: '../dist/docs',
  cacheDir: '../dist/docs-cache',
  rewrites: (id) => placeOf(id) ?? id,
  cleanUrls: true,
  lastUpdated: false,
  markdown: {
    config(markdown) {
      markdown.core.ruler.push('links-of-the-repository', ({ tokens, env }) => {
        const from = relative(root, (env as { path: string }).path);
        for (const { children } of tokens) {
          let plain = false;
          for (const token of children ?? []) {
            if (token.type === 'link_open') {
              const link = linkOf(token.attrGet('href') ?? '', from);
              plain = link === undefined;
              if (link === undefined) token.hidden = true;
              else token.attrSet('href', link);
              if (plain)
                Object.assign(token, { type: 'text', tag: '', content: '', attrs: null, nesting: 0 });
            } else if (token.type === 'link_close' && plain) {
              Object.assign(token, { type: 'text', tag: '', content: '', nesting: 0 });
              plain = false;
            }
          }
        }
      });
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: [
      {
        text: 'Start here',
        items: [
          page('Which page', '/'),
          page('Locks without files', '/guide/locks'),
          page('Caching files', '/guide/caching'),
          page('NFS heads', '/guide/nfs-heads'),
          page('Operators', '/guide/operators'),
          page('Coming from another lock', '/guide/coming-from'),
          page('The client, by recipe', '/client'),
        ],
      },
      {
        text: 'Use',
        items: [
          page('leasectl', '/leasectl'),
          page('The console', '/console'),
          page('Locks in modes', '/dlm'),
          page('Configuration', '/configuration'),
          page('Errors', '/errors'),
        ],
      },
      {
        text: 'Fileservers',
        items: [
          page('posix', '/posix'),
          page('Where posix runs', '/posix-where'),
          page('nfs4', '/nfs4'),
          page('dlm', '/dlm-stack'),
        ],
      },
      {
        text: 'Operate',
        items: [
          page('Callers', '/callers'),
          page('Rights', '/rights'),
          page('Quotas', '/quotas'),
          page('Audit', '/audit'),
          page('Threat model', '/threat-model'),
          page('Metrics', '/metrics'),
          page('Requests and traces', '/tracing'),
          page('A table in Redis', '/redis'),
          page('What a failover promises', '/failover'),
          page('Backup', '/backup'),
          page('Kubernetes', '/kubernetes'),
          page('Upgrading', '/upgrading'),
          page('Debugging', '/debugging'),
        ],
      },
      {
        text: 'Know',
        items: [
          page('Specification', '/semantics'),
          page('Conflict matrix', '/conflict-matrix'),
          page('Architecture', '/architecture'),
          page('Decisions', '/decisions/'),
          page('Benchmarks', '/benchmarks'),
          page('Tests', '/tests'),
          page('Contributing', '/contributing'),
          page('Releasing', '/releasing'),
          page('Reporting a weakness', '/security'),
          page('Changes', '/changelog'),
        ],
      },
    ],
  },
});
