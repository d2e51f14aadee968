import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** The two arrows: only lib/ipc knows @tauri-apps/*, and a feature never imports another. */
const onlyIpcKnowsTauri = {
  group: ['@tauri-apps/*'],
  message: 'Only src/lib/ipc may import @tauri-apps/*: take a Client.',
};
const features = readdirSync(new URL('./src/features', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const featuresStandAlone = (own) => ({
  regex: `(^|/)features/|shell/|^(\\.\\./)+(${features.filter((one) => one !== own).join('|')})(/|$)`,
  message: 'A feature imports neither another feature nor the shell: put what is shared into src/lib.',
});
const libKnowsNobody = { regex: '(^|/)(features|shell)/', message: 'src/lib knows neither features nor shell.' };
const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default ts.config(
  { ignores: ['dist/', 'dist-lib/', 'node_modules/', 'src/lib/ipc/generated.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig, extraFileExtensions: ['.svelte'] } },
  },
  {
    rules: {
      'no-undef': 'off', // TypeScript says it better.
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unused-expressions': ['error', { allowShortCircuit: true, allowTernary: true }],
      'svelte/no-navigation-without-resolve': 'off', // There is no SvelteKit here.
      'svelte/prefer-svelte-reactivity': 'off', // Plain Maps and Dates that never feed the markup are fine.
      // The CSP forbids style attributes in markup; style:name={value} goes through the style API.
      'no-restricted-syntax': ['error', { selector: 'SvelteAttribute[key.name="style"]', message: 'Use style:name={value} or a class.' }],
      'svelte/button-has-type': 'error',
      'svelte/no-at-html-tags': 'error',
    },
  },
  { files: ['contrast.mjs'], rules: { 'no-console': 'off' } },
  { files: ['src/**'], ignores: ['src/lib/**', 'src/features/**'], rules: restrict(onlyIpcKnowsTauri) },
  { files: ['src/lib/**'], ignores: ['src/lib/ipc/**'], rules: restrict(onlyIpcKnowsTauri, libKnowsNobody) },
  ...features.map((own) => ({
    files: [`src/features/${own}/**`],
    rules: restrict(onlyIpcKnowsTauri, featuresStandAlone(own)),
  })),
);
