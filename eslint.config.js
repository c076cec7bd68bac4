import nx from '@nx/eslint-plugin';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// Imports run one way: apps -> operations -> order-tables, lambda-kit, local-aws -> orders. No app imports another.
const boundaries = [
  { sourceTag: 'layer:domain', onlyDependOnLibsWithTags: ['layer:domain'] },
  { sourceTag: 'layer:library', onlyDependOnLibsWithTags: ['layer:domain'] },
  { sourceTag: 'layer:operations', onlyDependOnLibsWithTags: ['layer:domain', 'layer:library'] },
  { sourceTag: 'layer:app', onlyDependOnLibsWithTags: ['layer:domain', 'layer:library', 'layer:operations'] },
  { sourceTag: 'scope:engines', onlyDependOnLibsWithTags: [] },
  // A function runs on AWS: it knows nothing of the local engines or of the operators' tools.
  { sourceTag: 'type:lambda', notDependOnLibsWithTags: ['scope:engines', 'layer:operations'] },
];

const restrictedImports = [
  {
    regex: '^@cdktf/provider-aws(/lib)?$',
    message: 'Import per resource, by file: the index takes 5 s and 750 MB.',
  },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/cdktf.out/**', '.nx/**', '.dofs/**', '**/node_modules/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: boundaries }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `const { secret: _, ...rest }` is how a member is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: restrictedImports }],
    },
  },
  {
    // Only the CDKTF program may know CDKTF, so that leaving it for its fork is a rename.
    files: ['apps/!(infra)/**', 'libs/**', 'tools/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            ...restrictedImports,
            { group: ['cdktf', 'constructs', '@cdktf/*'], message: 'Only apps/infra may import CDKTF.' },
          ],
        },
      ],
    },
  },
  {
    // A suite is one function that holds its cases; its length says nothing.
    files: ['**/*.test.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
);
