import rules from './.dependency-cruiser.js';

/** Which folder knows which: specs and test kits aside, arrows between feature folders run one way. */
/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'folders-one-way',
      comment: 'Two folders that know each other are one feature.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    ...rules.options,
    exclude: { path: '(\\.spec\\.ts$|/testing/|/spec-support/|^libs/[^/]+/dist/)' },
  },
};
