/**
 * Reads everything in the order of its ids, a page at a time, however much it is.
 *
 * @param size rows a page
 * @param read a page: what is behind this id, or the first
 */
export async function* pagesOf<Row extends { readonly id: string }>(
  size: number,
  read: (after: string | undefined) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let after: string | undefined; ;) {
    const page = await read(after);
    yield page;
    after = page.at(-1)?.id;
    if (page.length < size) return;
  }
}
