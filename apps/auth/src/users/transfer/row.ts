/** What a row of a file says, column by column, or why it cannot be read. */
export type Row = { readonly line: number } & (
  { readonly values: Readonly<Record<string, unknown>>; readonly fault?: never } | { readonly fault: string }
);
