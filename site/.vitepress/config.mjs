// The site of the documentation. bin/docs copies README.md and docs/ to pages, as they are, and builds it.
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';

const root = fileURLToPath(new URL('../pages', import.meta.url));
const titleOf = (page) => /^# (.+)$/m.exec(readFileSync(join(root, page), 'utf8'))[1].replaceAll('`', '');
const item = (page) => ({ text: titleOf(page), link: `/${page.replace(/\.md$/, '')}` });
const pagesIn = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => item(`${folder}/${name}`));
const named = (...names) => names.map((name) => item(`docs/${name}.md`));

const sections = [
  { text: 'Start', items: [{ text: 'Plimsoll', link: '/' }, ...named('install', 'running', 'pictures')] },
  { text: 'Guides', items: pagesIn('docs/guides') },
  {
    text: 'Topics',
    items: named('memory-guard', 'calibration', 'browser-suites', 'flaky-tests', 'diagnose', 'several-machines', 'performance',
      'compatibility', 'trust'),
  },
  { text: 'Reference', items: [...named('configuration', 'completion', 'integrations'), ...pagesIn('docs/reference')] },
  {
    text: 'Inside',
    items: [...named('architecture', 'glossary'), item('docs/design/protocol.md'), item('CONTRIBUTING.md'), item('SECURITY.md'), item('CHANGELOG.md')],
  },
  { text: 'Decisions', items: pagesIn('docs/decisions') },
];
const pages = new Set(sections.flatMap((section) => section.items.map(({ link }) => (link === '/' ? 'README.md' : `${link.slice(1)}.md`))));
const everyPage = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...readdirSync(join(root, 'docs'), { recursive: true }).map((path) => `docs/${path}`)];
const unlisted = everyPage.filter((path) => path.endsWith('.md') && !pages.has(path));
if (unlisted.length) throw new Error(`the menu of the site lacks ${unlisted.join(', ')}: add it to site/.vitepress/config.mjs`);

// Indented blocks look like fenced ones.
function blocks(md) {
  md.renderer.rules.code_block = (tokens, index, ...rest) => {
    tokens[index].info = 'text';
    return md.renderer.rules.fence(tokens, index, ...rest);
  };
}

// Links lead to Markdown files; on the site some of these have another place.
function places(md) {
  md.core.ruler.push('places', (state) => {
    const folder = posix.dirname(state.env.relativePath === 'index.md' ? 'README.md' : state.env.relativePath);
    for (const token of state.tokens.flatMap((block) => block.children ?? [])) {
      const target = token.type === 'link_open' ? token.attrGet('href') : null;
      if (!target || /^(https?:|#|\/)/.test(target)) continue;
      const [path, anchor] = target.split('#');
      const there = posix.join(folder, path);
      if (there === 'README.md') token.attrSet('href', `/${anchor ? `#${anchor}` : ''}`);
      if (there === 'docs/decisions/') token.attrSet('href', `/${[...pages].filter((page) => page.startsWith(there)).sort()[0]}`);
      if (there === 'LICENSE') token.attrSet('href', '/LICENSE.txt');
      if (there.endsWith('.json')) token.attrSet('href', `/${posix.basename(there)}`);
    }
  });
}

export default defineConfig({
  title: 'Plimsoll',
  description: 'Runs pytest and Playwright suites in parallel, as fast as the machine’s memory safely allows',
  base: process.env.DOCS_BASE ?? '/',
  srcDir: 'pages',
  rewrites: { 'README.md': 'index.md' },
  outDir: '../target/docs',
  cacheDir: '../target/docs-cache',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: { config: (md) => md.use(places).use(blocks), anchor: { slugify: githubSlug } },
  vite: { build: { chunkSizeWarningLimit: 1500 } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: sections,
    docFooter: { prev: false, next: false },
  },
});

// Headings have the anchors that GitHub gives them.
function githubSlug(text) {
  return text.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
}
