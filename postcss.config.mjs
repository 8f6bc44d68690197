/** Tailwind 4 compiles in PostCSS; there is nothing else to configure. */
export default { plugins: { '@tailwindcss/postcss': {} } };
