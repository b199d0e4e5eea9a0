import { IsIn, IsOptional, IsString } from 'class-validator';

const PAGES = ['on', 'off'] as const;

/** The pages for people: `/login`, `/account` and the others. */
export class PagesEnvironment {
  /** `off`: the front end of the team's own at `PUBLIC_URL` has them. */
  @IsIn(PAGES, { message: `must be one of ${PAGES.join(', ')}` }) PAGES: (typeof PAGES)[number] = 'on';

  /** A folder with `theme.css` and `logo.svg`, `logo.png` or `logo.webp`; what is not in it stays ours. */
  @IsOptional() @IsString() PAGES_THEME_DIR?: string;
}
